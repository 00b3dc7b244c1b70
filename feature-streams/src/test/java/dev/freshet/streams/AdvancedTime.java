package dev.freshet.streams;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

import dev.freshet.runtime.time.Time;

/** The system's, and as much later as a test says. */
final class AdvancedTime implements Time {
    private final AtomicLong nanos = new AtomicLong();

    void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    @Override
    public Instant now() {
        return Time.system().now().plusNanos(nanos.get());
    }

    @Override
    public long nanoTime() {
        return Time.system().nanoTime() + nanos.get();
    }

    @Override
    public void pause(Duration duration) throws InterruptedException {
        Time.system().pause(duration);
    }
}
