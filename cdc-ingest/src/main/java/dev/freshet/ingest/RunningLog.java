package dev.freshet.ingest;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.generation.GenerationFollower;
import dev.freshet.runtime.lifecycle.Quoted;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.retry.Backoff;
import dev.freshet.runtime.time.Time;

/** A change log that is being fed, on a thread of its own: in one life after another, for as long as that may help. */
final class RunningLog implements GenerationFollower.Part {
    private static final Logger logger = LoggerFactory.getLogger(RunningLog.class);
    private static final Duration CLOSING = Duration.ofSeconds(60);
    private static final Backoff BETWEEN_LIVES = Backoff.standard();

    private final LogRun run;
    private final OnFailure onFailure;
    private final Runnable onAbandoned;
    private final Time time;
    private final Thread thread;
    private volatile boolean closing;

    /** Decides what becomes of a log whose life has ended with a failure. */
    @FunctionalInterface
    interface OnFailure {
        /** @return whether to begin another life; if not, whoever decides ends what has to end */
        boolean mayGoOn(Throwable reason);
    }

    /** @param onAbandoned told when it has ended for good */
    RunningLog(int number, LogRun run, OnFailure onFailure, Runnable onAbandoned, Time time) {
        this.run = run;
        this.onFailure = onFailure;
        this.onAbandoned = onAbandoned;
        this.time = time;
        thread = new Thread(this::live, "ingest-g" + number);
    }

    RunningLog started() {
        thread.start();
        return this;
    }

    private void live() {
        int failures = 0;
        try {
            while (!hasEnded()) {
                time.pause(BETWEEN_LIVES.after(++failures, ThreadLocalRandom.current()));
            }
        } catch (InterruptedException e) {
            logger.debug("ended between two lives");
        }
    }

    private boolean hasEnded() {
        try {
            run.run();
            return true;
        } catch (Throwable e) {
            if (closing) {
                logger.debug("ended", e);
                return true;
            }
            if (!onFailure.mayGoOn(e)) {
                return true;
            }
            logger.warn("beginning anew thread={} reason={}", thread.getName(), Quoted.of(e));
            return false;
        }
    }

    /** The next ingest finds everything as it is. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        boolean interrupted = false;
        try {
            thread.join(CLOSING.toMillis());
        } catch (InterruptedException e) {
            interrupted = true; // the slot's reader has to be gone first
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void abandon() {
        close();
        try {
            run.dropSlot();
        } catch (SQLException | Stop e) {
            logger.warn("could not drop the slot, the next start will thread={}", thread.getName(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        onAbandoned.run();
    }
}
