package dev.freshet.ops.reconcile;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.lifecycle.Service;
import dev.freshet.runtime.time.Time;

/** Compares the table with the truth again and again, and logs what it finds. It repairs nothing, and its trouble ends nobody. */
public final class ReconcileService implements Service {
    private static final Logger log = LoggerFactory.getLogger(ReconcileService.class);
    private static final Duration CLOSING = Duration.ofSeconds(20);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);

    private final FreshetConfig config;
    private final Duration interval;
    private final Time time;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Thread thread = new Thread(this::run, "reconcile");

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
