package dev.freshet.ingest;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

import dev.freshet.ingest.source.Slot;
import dev.freshet.ingest.source.SlotUse;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.monitoring.Monitored;
import dev.freshet.runtime.monitoring.Reason;
import dev.freshet.runtime.monitoring.Reason.Code;
import dev.freshet.runtime.monitoring.Server;
import dev.freshet.runtime.time.Micros;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.change.Table;

/** How an ingest is, by its progress and its slots. */
final class IngestMonitor implements Monitored {
    private static final double MICROS_PER_SECOND = 1e6;
    private static final String LOG = "log";

    private final IngestProgress progress;
    private final Names names;
    private final Duration maxAge;
    private final Time time;
    private volatile Map<Integer, SlotUse> slots = Map.of();
    private volatile @Nullable MultiGauge ages;
    private volatile @Nullable MultiGauge retained;

    IngestMonitor(FreshetConfig config, IngestProgress progress, Time time) {
        this.progress = progress;
        this.time = time;
        names = config.names();
        maxAge = config.monitoring().maxAge();
    }

    @Override
    public Set<Server> needs() {
        return EnumSet.allOf(Server.class);
    }

    @Override
    public List<Reason> reasons() {
        List<Reason> reasons = new ArrayList<>();
        switch (progress.phase()) {
            case WAITING, PREPARING -> reasons.add(new Reason(Code.STARTING, "ingest prepares"));
            case STANDING_BY -> reasons.add(new Reason(Code.STANDBY, "another ingest leads"));
            case SNAPSHOT -> reasons.add(new Reason(Code.SNAPSHOT, "ingest reads the tables: " + rows()));
            case STREAMING -> age().ifPresent(reasons::add);
            case ENDED -> reasons.add(new Reason(Code.ENDED, "ingest has ended"));
        }
        slots.forEach((log, use) -> {
            if (use.lost()) {
                reasons.add(new Reason(
                        Code.SLOT_LOST, "the source has removed WAL that slot " + names.slot(log) + " still needs"));
            }
        });
        return reasons;
    }

    private String rows() {
        return "%,d of about %,d rows"
                .formatted(
                        progress.snapshotRows(Table.USERS) + progress.snapshotRows(Table.ORDERS),
                        progress.estimatedRows(Table.USERS) + progress.estimatedRows(Table.ORDERS));
    }

    private Optional<Reason> age() {
        double seconds = age(progress.tickTime());
        if (Double.isNaN(seconds)) {
            return Optional.of(new Reason(Code.STARTING, "ingest has told no source time yet"));
        }
        return seconds * 1_000 <= maxAge.toMillis()
                ? Optional.empty()
                : Optional.of(new Reason(Code.BEHIND, "the change log is %.1f s behind the source".formatted(seconds)));
    }

    /** By this machine's clock, in seconds; NaN before the first tick. */
    private double age(long tick) {
        return tick == 0 ? Double.NaN : (Micros.of(time.now()) - tick) / MICROS_PER_SECOND;
    }

    @Override
    public void look(Server database, Connection connection) throws SQLException {
        if (database == Server.SOURCE) {
            Map<Integer, SlotUse> found = new TreeMap<>();
            for (int log : Slot.logs(connection, names)) {
                SlotUse.of(names.slot(log), connection).ifPresent(use -> found.put(log, use));
            }
            found(found);
        }
    }

    void found(Map<Integer, SlotUse> uses) {
        slots = Map.copyOf(uses);
        tell();
    }

    private void tell() {
        MultiGauge all = ages;
        if (all != null) {
            all.register(
                    orNone(progress.logs().stream()
                            .filter(log -> !log.isBuild())
                            .map(log -> Row.of(tag(log.number()), () -> age(log.tickTime())))
                            .toList()),
                    true);
        }
        MultiGauge kept = retained;
        if (kept != null) {
            kept.register(
                    orNone(slots.entrySet().stream()
                            .map(slot ->
                                    Row.of(tag(slot.getKey()), slot.getValue().retainedBytes()))
                            .toList()),
                    true);
        }
    }

    private static Tags tag(int log) {
        return Tags.of(LOG, Integer.toString(log));
    }

    private static List<Row<?>> orNone(List<? extends Row<?>> rows) {
        return rows.isEmpty() ? List.of(Row.of(Tags.of(LOG, "none"), Double.NaN)) : List.copyOf(rows);
    }

    @Override
    public void measure(MeterRegistry meters) {
        Gauge.builder("freshet.leading", progress, it -> isLeading(it) ? 1 : 0)
                .description("1 if this ingest is the one that feeds the change log")
                .register(meters);
        FunctionCounter.builder("freshet.changes", progress, IngestProgress::changes)
                .description("Changes committed to the change log, those of a snapshot included")
                .register(meters);
        for (Table table : Table.values()) {
            FunctionCounter.builder("freshet.snapshot.rows", progress, it -> it.snapshotRows(table))
                    .description("Rows that the snapshot has put into the change log")
                    .tag("table", table.name().toLowerCase(Locale.ROOT))
                    .register(meters);
        }
        FunctionCounter.builder("freshet.dead.letters", progress, IngestProgress::deadLetters)
                .description("Records that could not be used since the start, each kept as a dead letter")
                .tag("process", "ingest")
                .register(meters);
        ages = MultiGauge.builder("freshet.tick.age")
                .description(
                        "How long ago, by this machine's clock, the source time of a log's newest tick was; of none that is only being built")
                .baseUnit("seconds")
                .register(meters);
        retained = MultiGauge.builder("freshet.slot.retained")
                .description("WAL that the source keeps for the replication slot of a log")
                .baseUnit("bytes")
                .register(meters);
        tell();
        progress.commits().measure(meters, "ingest");
    }

    private static boolean isLeading(IngestProgress progress) {
        return switch (progress.phase()) {
            case PREPARING, SNAPSHOT, STREAMING -> true;
            case WAITING, STANDING_BY, ENDED -> false;
        };
    }
}
