package dev.freshet.e2e.watch;

import org.jspecify.annotations.Nullable;

import dev.freshet.testkit.oracle.Truth;

/**
 * A row as a reader sees it.
 *
 * @param computedAt epoch microseconds
 * @param says what it claims to be the truth at that time
 */
record FeatureRow(long user, int epoch, long version, long computedAt, Truth says) {

    /** Null for never. */
    @Nullable
    Long exactUntil() {
        return says.exactUntil();
    }

    @Override
    public String toString() {
        return "user " + user + " epoch " + epoch + " version " + version + " computed_at " + computedAt + " " + says;
    }
}
