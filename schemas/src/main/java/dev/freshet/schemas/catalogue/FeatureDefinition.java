package dev.freshet.schemas.catalogue;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One feature: an aggregate over a user's orders with {@code created_at} in (t - window, t].
 *
 * @param name the column in user_features: {@code [a-z][a-z0-9_]{0,62}}, and none of the {@link ReservedWords}
 * @param aggregate what is computed
 * @param column the order's column it is computed over; null exactly for aggregates over the order itself
 * @param window how far back it reaches, in whole microseconds and at most {@link #LONGEST_WINDOW}; null for the whole past
 */
public record FeatureDefinition(
        String name,
        Aggregate aggregate,
        @Nullable String column,
        @Nullable Duration window) {

    /** What may be a feature's or a column's name: never in need of quotes, and no longer than PostgreSQL allows. */
    public static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    /** A hundred years. What a window leaves out has to be a time that PostgreSQL can tell. */
    public static final Duration LONGEST_WINDOW = Duration.ofDays(36_500);

    public FeatureDefinition {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("feature name '" + name + "' is not of the form " + NAME);
        }
        if (ReservedWords.contains(name)) {
            throw new IllegalArgumentException(
                    "feature name '" + name + "' is a word of PostgreSQL's own: choose another name");
        }
        if (aggregate.isOverColumn() && (column == null || !NAME.matcher(column).matches())) {
            throw new IllegalArgumentException("feature " + name + ": aggregate " + aggregate
                    + " needs a column of the form " + NAME + ", not '" + column + "'");
        }
        if (!aggregate.isOverColumn() && column != null) {
            throw new IllegalArgumentException(
                    "feature " + name + ": aggregate " + aggregate + " takes no column, but has '" + column + "'");
        }
        if (window != null && !isUsable(window)) {
            throw new IllegalArgumentException("feature " + name + ": window " + window
                    + " is not a positive number of whole microseconds, up to " + LONGEST_WINDOW);
        }
    }

    /** Whether a window can be that long. */
    public static boolean isUsable(Duration window) {
        return !window.isNegative()
                && !window.isZero()
                && window.compareTo(LONGEST_WINDOW) <= 0
                && window.getNano() % 1_000 == 0;
    }

    /** The window's length in microseconds. */
    public long windowMicros() {
        if (window == null) {
            throw new IllegalStateException("feature " + name + " reaches back over the whole past");
        }
        return window.toNanos() / 1_000;
    }
}
