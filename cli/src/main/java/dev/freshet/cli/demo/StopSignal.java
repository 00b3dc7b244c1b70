package dev.freshet.cli.demo;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks the demo to end, once and for all. */
final class StopSignal {
    private final CountDownLatch asked = new CountDownLatch(1);

    void ask() {
        asked.countDown();
    }

    boolean isAsked() {
        return asked.getCount() == 0;
    }

    /** Waits at most so long; true as soon as it was asked. */
    boolean await(Duration patience) throws InterruptedException {
        return asked.await(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
    }
}
