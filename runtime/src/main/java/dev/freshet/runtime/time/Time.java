package dev.freshet.runtime.time;

import java.time.Duration;
import java.time.Instant;

/** The clock and the waiting of a process; tests pass their own. */
public interface Time {
    /** The wall clock. It may step back; nothing that must not go back may be computed from it. */
    Instant now();

    /** A clock for durations only; never steps. */
    long nanoTime();

    /** Waits; returns at once for a duration that is not positive. */
    void pause(Duration duration) throws InterruptedException;

    static Time system() {
        return SystemTime.INSTANCE;
    }
}
