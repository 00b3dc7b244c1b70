package dev.freshet.testkit.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A bound on a wait, on the monotonic clock: a machine's time may be set while something is awaited. */
public final class Deadline {
    private final long endNanos;

    private Deadline(long endNanos) {
        this.endNanos = endNanos;
    }

    public static Deadline in(Duration patience) {
        return new Deadline(System.nanoTime() + patience.toNanos());
    }

    public boolean isPast() {
        return System.nanoTime() - endNanos >= 0;
    }

    /** Returns when it is past. */
    public void await() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(endNanos - System.nanoTime());
    }
}
