package dev.freshet.ops.reconcile;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.monitoring.Monitored;
import dev.freshet.runtime.monitoring.MonitoredService;
import dev.freshet.runtime.monitoring.Reason;
import dev.freshet.runtime.monitoring.Server;
import dev.freshet.runtime.time.Time;

/** Compares the table with the truth again and again, and logs what it finds. It repairs nothing, and its trouble ends nobody. */
public final class ReconcileService implements MonitoredService {
    private static final Logger log = LoggerFactory.getLogger(ReconcileService.class);
    private static final Duration CLOSING = Duration.ofSeconds(20);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);

    private final FreshetConfig config;
    private final Duration interval;
    private final Time time;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Thread thread = new Thread(this::run, "reconcile");
    private volatile double mismatches = Double.NaN;

    /** @param interval from the end of a comparison to the next, and before the first */
    public ReconcileService(FreshetConfig config, Duration interval, Time time) {
        this.config = config;
        this.interval = interval;
        this.time = time;
    }

    @Override
    public String name() {
        return "reconcile";
    }

    @Override
    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            Duration next = interval;
            while (true) {
                time.pause(next);
                next = compare() ? interval : AFTER_FAILURE;
            }
        } catch (InterruptedException e) {
            log.debug("reconcile stopped");
        }
        ended.complete(null);
    }

    private boolean compare() throws InterruptedException {
        try (Reconciliation reconciliation = Reconciliation.open(config, Pace.STANDARD, time)) {
            ReconcileReport report = reconciliation.compare(Reconcile.Progress.NONE);
            mismatches = report.differing();
            if (report.isClean()) {
                log.info(
                        "the table is the truth users={} incomplete={} unverified={}",
                        report.checked(),
                        report.incomplete(),
                        report.unverified());
            } else {
                log.error(
                        "the table differs from the truth, run: freshet reconcile --repair users={} missing={} extra={}"
                                + " wrong={} samples={}",
                        report.checked(),
                        report.missing(),
                        report.extra(),
                        report.wrong(),
                        report.samples());
            }
            return true;
        } catch (SQLException | RuntimeException e) {
            log.warn("cannot compare the table with the truth now reason=\"{}\"", e.toString());
            return false;
        }
    }

    /** Nothing of it keeps the process from being ready, for the table is fed all the same. */
    @Override
    public Monitored monitored() {
        return new Monitored() {
            @Override
            public Set<Server> needs() {
                return Set.of();
            }

            @Override
            public List<Reason> reasons() {
                return List.of();
            }

            @Override
            public void look(Server database, Connection connection) {
                // It asks both for itself, when it compares.
            }

            @Override
            public void measure(MeterRegistry meters) {
                Gauge.builder("freshet.reconcile.mismatches", ReconcileService.this, service -> service.mismatches)
                        .description(
                                "Users that are missing, extra or wrong by the last comparison; NaN before the first")
                        .register(meters);
            }
        };
    }

    @Override
    public CompletionStage<Void> ended() {
        return ended;
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(CLOSING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ended.complete(null);
    }
}
