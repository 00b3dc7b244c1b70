package dev.freshet.serving.http;

import java.time.Duration;

import dev.freshet.serving.lookup.Age;
import dev.freshet.serving.lookup.CompleteThrough;

/**
 * How fresh what was read is.
 *
 * @param maxAge the age up to which it passes for fresh
 */
record Freshness(CompleteThrough through, Age age, Duration maxAge) {
    boolean isFresh() {
        return age.isWithin(maxAge);
    }
}
