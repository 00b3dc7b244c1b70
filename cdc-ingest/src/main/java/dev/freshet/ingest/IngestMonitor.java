package dev.freshet.ingest;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

import dev.freshet.ingest.source.SlotUse;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.monitoring.Monitored;
import dev.freshet.runtime.monitoring.Reason;
import dev.freshet.runtime.monitoring.Reason.Code;
import dev.freshet.runtime.monitoring.Server;
import dev.freshet.runtime.time.Micros;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.change.Table;

/** How an ingest is, by its progress and its slot. */
final class IngestMonitor implements Monitored {
    private static final double MICROS_PER_SECOND = 1e6;

    private final IngestProgress progress;
    private final String slotName;
    private final Duration maxAge;
    private final Time time;
    private volatile @Nullable SlotUse slot;

    IngestMonitor(FreshetConfig config, IngestProgress progress, Time time) {
        this.progress = progress;
        this.time = time;
        slotName = config.names().slot();
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
        SlotUse use = slot;
        if (use != null && use.lost()) {
            reasons.add(
                    new Reason(Code.SLOT_LOST, "the source has removed WAL that slot " + slotName + " still needs"));
        }
        return reasons;
    }

    private String rows() {
        return "%,d of about %,d rows"
                .formatted(
                        progress.snapshotRows(Table.USERS) + progress.snapshotRows(Table.ORDERS),
                        progress.estimatedRows(Table.USERS) + progress.estimatedRows(Table.ORDERS));
    }

    private Optional<Reason> age() {
        double seconds = tickAge();
        if (Double.isNaN(seconds)) {
            return Optional.of(new Reason(Code.STARTING, "ingest has told no source time yet"));
        }
        return seconds * 1_000 <= maxAge.toMillis()
                ? Optional.empty()
                : Optional.of(new Reason(Code.BEHIND, "the change log is %.1f s behind the source".formatted(seconds)));
    }

    /** Of the newest tick, by this machine's clock, in seconds; NaN before the first. */
    private double tickAge() {
        long tick = progress.tickTime();
        return tick == 0 ? Double.NaN : (Micros.of(time.now()) - tick) / MICROS_PER_SECOND;
    }

    @Override
    public void look(Server database, Connection connection) throws SQLException {
        if (database == Server.SOURCE) {
            found(SlotUse.of(slotName, connection));
        }
    }

    void found(Optional<SlotUse> use) {
        slot = use.orElse(null);
    }

    @Override
    public void measure(MeterRegistry meters) {
        Gauge.builder("freshet.leading", progress, it -> isLeading(it) ? 1 : 0)
                .description("1 if this ingest is the one that feeds the change log")
                .register(meters);
        Gauge.builder("freshet.tick.age", this, IngestMonitor::tickAge)
                .description("How long ago, by this machine's clock, the source time of the newest tick was")
                .baseUnit("seconds")
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
        Gauge.builder("freshet.slot.retained", this, it -> it.retained())
                .description("WAL that the source keeps for the replication slot; NaN where there is none")
                .baseUnit("bytes")
                .register(meters);
        progress.commits().measure(meters, "ingest");
    }

    private static boolean isLeading(IngestProgress progress) {
        return switch (progress.phase()) {
            case PREPARING, SNAPSHOT, STREAMING -> true;
            case WAITING, STANDING_BY, ENDED -> false;
        };
    }

    private double retained() {
        SlotUse use = slot;
        return use == null ? Double.NaN : use.retainedBytes();
    }
}
