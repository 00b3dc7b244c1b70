package dev.freshet.ingest;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.generation.GenerationFollower;
import dev.freshet.runtime.lifecycle.ExitCode;
import dev.freshet.runtime.lifecycle.Quoted;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.retry.Backoff;
import dev.freshet.runtime.time.Time;

/**
 * A change log that is being fed, on a thread of its own. What a restart of the process would cure is cured for one that is only
 * being built by another life of this log alone: readers' log goes on meanwhile.
 */
final class RunningLog implements GenerationFollower.Part {
    private static final Logger logger = LoggerFactory.getLogger(RunningLog.class);
    private static final Duration CLOSING = Duration.ofSeconds(60);

    /** In a row; with the standard backoff they take half a minute. */
    private static final int MOST_LIVES_IN_VAIN = 10;

    private static final Duration LASTING = Duration.ofMinutes(1);

    private final LogRun run;
    private final Runnable onAbandoned;
    private final Time time;
    private final Thread thread;
    private volatile boolean closing;

    /**
     * @param onFailure told once, when it cannot go on
     * @param onAbandoned told when it has ended for good
     */
    RunningLog(int number, LogRun run, Consumer<Throwable> onFailure, Runnable onAbandoned, Time time) {
        this.run = run;
        this.onAbandoned = onAbandoned;
        this.time = time;
        thread = new Thread(() -> run(onFailure), "ingest-g" + number);
    }

    RunningLog started() {
        thread.start();
        return this;
    }

    private void run(Consumer<Throwable> onFailure) {
        int inVain = 0;
        while (true) {
            long began = time.nanoTime();
            try {
                run.run();
                return;
            } catch (Throwable e) {
                if (closing) {
                    logger.debug("ended", e);
                    return;
                }
                inVain = time.nanoTime() - began < LASTING.toNanos() ? inVain + 1 : 1;
                if (!run.isOfBuild() || ExitCode.of(e) != ExitCode.TEMPORARY || inVain == MOST_LIVES_IN_VAIN) {
                    onFailure.accept(e);
                    return;
                }
                logger.warn("beginning anew thread={} reason={}", thread.getName(), Quoted.of(e));
            }
            try {
                time.pause(Backoff.standard().after(inVain, ThreadLocalRandom.current()));
            } catch (InterruptedException e) {
                return; // it is being closed
            }
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
