package dev.freshet.sink;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.monitoring.Monitored;
import dev.freshet.runtime.monitoring.Reason;
import dev.freshet.runtime.monitoring.Reason.Code;
import dev.freshet.runtime.monitoring.Server;
import dev.freshet.runtime.time.Micros;
import dev.freshet.runtime.time.Time;
import dev.freshet.sink.sql.Freshness;

/** How a sink is: by what it has done, and by what the target holds, whichever sink wrote it. */
final class SinkMonitor implements Monitored {
    /** Where the table has no index for it, a count reads all of it. */
    private static final Duration COUNT_INTERVAL = Duration.ofMinutes(1);

    private final SinkMeter meter;
    private final Duration maxAge;
    private final Time time;
    private volatile @Nullable List<Freshness> generations;
    private volatile @Nullable Long incomplete;
    private long countDue;

    SinkMonitor(FreshetConfig config, SinkMeter meter, Time time) {
        this.meter = meter;
        this.time = time;
        maxAge = config.monitoring().maxAge();
        countDue = time.nanoTime();
    }

    @Override
    public Set<Server> needs() {
        return Set.of(Server.TARGET, Server.KAFKA, Server.REGISTRY);
    }

    @Override
    public List<Reason> reasons() {
        List<Freshness> known = generations;
        if (known == null) {
            return List.of(new Reason(Code.STARTING, "the target has not told yet how far it is"));
        }
        if (known.isEmpty()) {
            return List.of(new Reason(Code.NO_GENERATION, "no generation has been begun: ingest does that"));
        }
        Optional<Freshness> live = known.stream().filter(Freshness::live).findFirst();
        if (live.isEmpty()) {
            return List.of(new Reason(Code.BUILDING, "the first generation is being filled, readers see nothing yet"));
        }
        double seconds = age(live.get());
        return seconds * 1_000 <= maxAge.toMillis()
                ? List.of()
                : List.of(new Reason(Code.BEHIND, "the table is %.1f s behind the source".formatted(seconds)));
    }

    /** By this machine's clock, in seconds; NaN while nothing is complete. */
    private double age(Freshness generation) {
        return generation.completeThrough() == 0
                ? Double.NaN
                : (Micros.of(time.now()) - generation.completeThrough()) / 1e6;
    }

    private double age() {
        List<Freshness> known = generations;
        return known == null
                ? Double.NaN
                : known.stream()
                        .filter(Freshness::live)
                        .mapToDouble(this::age)
                        .findFirst()
                        .orElse(Double.NaN);
    }

    private double incomplete() {
        Long counted = incomplete;
        return counted == null ? Double.NaN : counted;
    }

    private double lost() {
        List<Freshness> known = generations;
        return known == null
                ? Double.NaN
                : known.stream().mapToLong(Freshness::lost).sum();
    }

    @Override
    public void look(Server database, Connection connection) throws SQLException {
        if (database != Server.TARGET) {
            return;
        }
        found(Freshness.of(connection));
        if (time.nanoTime() - countDue >= 0) {
            countDue = time.nanoTime() + COUNT_INTERVAL.toNanos();
            counted(Freshness.incompleteUsers(connection));
        }
    }

    void found(List<Freshness> all) {
        generations = List.copyOf(all);
    }

    void counted(long incompleteUsers) {
        incomplete = incompleteUsers;
    }

    @Override
    public void measure(MeterRegistry meters) {
        Gauge.builder("freshet.complete.through.age", this, SinkMonitor::age)
                .description("How long ago, by this machine's clock, the source time was up to which readers see all")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("freshet.incomplete.users", this, SinkMonitor::incomplete)
                .description("Rows that readers see and that are flagged incomplete; counted once a minute")
                .register(meters);
        Gauge.builder("freshet.lost.entries", this, SinkMonitor::lost)
                .description("Entries that could neither be written nor flagged; they hold the watermark")
                .register(meters);
        meter.lags()
                .gauge(
                        meters,
                        "freshet.sink.lag",
                        "Entries of a generation's features topic that this process has not read yet, of its partitions");
        FunctionCounter.builder("freshet.guard.rejected", meter, SinkMeter::guardRejected)
                .description("Entries older than what the table held: always 0, or a promise is broken")
                .register(meters);
        FunctionCounter.builder("freshet.rows.written", meter, it -> it.rows() + it.removals())
                .description("Rows of features written or removed")
                .register(meters);
        FunctionCounter.builder("freshet.dead.letters", meter, SinkMeter::deadLetters)
                .description("Records that could not be used since the start, each kept as a dead letter")
                .tag("process", "sink")
                .register(meters);
        meter.commits().measure(meters, "sink");
    }
}
