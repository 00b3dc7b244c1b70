package dev.freshet.serving.http;

import java.time.Duration;
import java.time.Instant;

import dev.freshet.runtime.time.Time;

/** The system's time, whose wall clock a test sets forward. */
final class ForwardTime implements Time {
    private final Time system = Time.system();
    private volatile Duration ahead = Duration.ZERO;

    void setForward(Duration duration) {
        ahead = duration;
    }

    @Override
    public Instant now() {
        return system.now().plus(ahead);
    }

    @Override
    public long nanoTime() {
        return system.nanoTime();
    }

    @Override
    public void pause(Duration duration) throws InterruptedException {
        system.pause(duration);
    }
}
