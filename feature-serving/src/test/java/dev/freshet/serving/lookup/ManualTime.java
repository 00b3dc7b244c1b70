package dev.freshet.serving.lookup;

import java.time.Duration;
import java.time.Instant;

import dev.freshet.runtime.time.Time;

/** A time that passes when a test says so. */
final class ManualTime implements Time {
    private long nanos;
    private long asleep;

    void pass(Duration duration) {
        nanos += duration.toNanos();
    }

    /** Time that only the wall clock knows of. */
    void sleep(Duration duration) {
        asleep += duration.toNanos();
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos + asleep);
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public void pause(Duration duration) {
        pass(duration);
    }
}
