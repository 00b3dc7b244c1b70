package dev.freshet.ops;

import java.time.Duration;
import java.time.Instant;

import dev.freshet.runtime.time.Time;

/** The system's time; whatever waits, first the hook is called. */
public record HookedTime(Hook hook) implements Time {
    /** What is done then. */
    @FunctionalInterface
    public interface Hook {
        void pausing(Duration duration) throws Exception;
    }

    @Override
    public Instant now() {
        return Time.system().now();
    }

    @Override
    public long nanoTime() {
        return Time.system().nanoTime();
    }

    @Override
    public void pause(Duration duration) throws InterruptedException {
        try {
            hook.pausing(duration);
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        Time.system().pause(duration);
    }
}
