package dev.freshet.ingest;

import java.time.Duration;

import dev.freshet.runtime.time.Time;

/** How long the feeding of a log has failed without getting on. */
final class Failures {
    /** A failover of the source takes minutes, and what a build has read took longer. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final LogProgress progress;
    private final Time time;
    private long since;
    private long reached;
    private boolean isFirst = true;

    Failures(LogProgress progress, Time time) {
        this.progress = progress;
        this.time = time;
    }

    /** Whether one more failure may be one that passes: since the first one behind the same tick it has not been too long. */
    boolean mayPass() {
        if (isFirst || progress.tickLsn() != reached) {
            isFirst = false;
            reached = progress.tickLsn();
            since = time.nanoTime();
        }
        return time.nanoTime() - since < PATIENCE.toNanos();
    }
}
