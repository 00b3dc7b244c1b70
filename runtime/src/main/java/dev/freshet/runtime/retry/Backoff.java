package dev.freshet.runtime.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before an attempt: doubled each time, up to a maximum, then shortened by a random share.
 *
 * @param initial the wait before the second attempt; positive
 * @param max no wait is longer
 * @param jitter the largest share, from 0 to 1, that chance takes off, so that many who failed together do not return together
 */
public record Backoff(Duration initial, Duration max, double jitter) {
    private static final int MAX_DOUBLINGS = 30;

    public Backoff {
        if (initial.isNegative() || initial.isZero() || max.compareTo(initial) < 0 || jitter < 0 || jitter > 1) {
            throw new IllegalArgumentException(
                    "backoff from " + initial + " to " + max + " with jitter " + jitter + " is none");
        }
    }

    /** 100 ms to 5 s: for servers that restart. */
    public static Backoff standard() {
        return new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), 0.5);
    }

    /** The wait after this many failures, at least 1. */
    public Duration after(int failures, RandomGenerator random) {
        double doubled = (double) initial.toNanos() * Math.pow(2, Math.min(failures - 1, MAX_DOUBLINGS));
        double capped = Math.min(doubled, (double) max.toNanos());
        return Duration.ofNanos((long) (capped * (1 - jitter * random.nextDouble())));
    }
}
