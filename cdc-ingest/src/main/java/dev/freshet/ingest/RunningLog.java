package dev.freshet.ingest;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.generation.GenerationFollower;
import dev.freshet.runtime.lifecycle.Stop;

/** A change log that is being fed, on a thread of its own. */
final class RunningLog implements GenerationFollower.Part {
    private static final Logger logger = LoggerFactory.getLogger(RunningLog.class);
    private static final Duration CLOSING = Duration.ofSeconds(60);

    private final LogRun run;
    private final Runnable onAbandoned;
    private final Thread thread;
    private volatile boolean closing;

    /**
     * @param onFailure told once, when it cannot go on
     * @param onAbandoned told when it has ended for good
     */
    RunningLog(int number, LogRun run, Consumer<Throwable> onFailure, Runnable onAbandoned) {
        this.run = run;
        this.onAbandoned = onAbandoned;
        thread = new Thread(() -> run(onFailure), "ingest-g" + number);
    }

    RunningLog started() {
        thread.start();
        return this;
    }

    private void run(Consumer<Throwable> onFailure) {
        try {
            run.run();
        } catch (Throwable e) {
            if (closing) {
                logger.debug("ended", e);
            } else {
                onFailure.accept(e);
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
