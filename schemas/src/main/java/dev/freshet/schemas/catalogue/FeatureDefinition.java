package dev.freshet.schemas.catalogue;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One feature: an aggregate over a user's orders with {@code created_at} in (t - window, t].
 *
 * @param name the column in user_features: {@code [a-z][a-z0-9_]{0,62}}
 * @param aggregate what is computed
 * @param column the order's column it is computed over; null exactly for aggregates over the order itself
 * @param window how far back it reaches, in whole microseconds; null for the whole past
 */
public record FeatureDefinition(
        String name,
        Aggregate aggregate,
        @Nullable String column,
        @Nullable Duration window) {

    /** What may be a feature's or a column's name: never in need of quotes, and no longer than PostgreSQL allows. */
    public static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    public FeatureDefinition {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("feature name '" + name + "' is not of the form " + NAME);
        }
        if (aggregate.isOverColumn() && (column == null || !NAME.matcher(column).matches())) {
            throw new IllegalArgumentException("feature " + name + ": aggregate " + aggregate
                    + " needs a column of the form " + NAME + ", not '" + column + "'");
        }
        if (!aggregate.isOverColumn() && column != null) {
            throw new IllegalArgumentException(
                    "feature " + name + ": aggregate " + aggregate + " takes no column, but has '" + column + "'");
        }
        if (window != null && (window.isNegative() || window.isZero() || window.toNanos() % 1_000 != 0)) {
            throw new IllegalArgumentException(
                    "feature " + name + ": window " + window + " is not a positive number of whole microseconds");
        }
    }

    /** The window's length in microseconds. */
    public long windowMicros() {
        if (window == null) {
            throw new IllegalStateException("feature " + name + " reaches back over the whole past");
        }
        return window.toNanos() / 1_000;
    }
}
