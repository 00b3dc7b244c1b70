package dev.freshet.serving.explain;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the source has of a user.
 *
 * @param hasUser whether there is a row of users; without one, orders make no features
 * @param clock the source's, when it was read
 * @param newest orders that count towards some feature, the newest first, of which there may be more
 * @param counting how many there are
 * @param rest the others
 */
public record SourceSide(boolean hasUser, Instant clock, List<CountedOrder> newest, long counting, Rest rest) {

    /**
     * Orders that count towards nothing.
     *
     * @param left that have left every window
     * @param later that are dated later
     * @param firstLater when the first of them will count; null if there is none
     * @param timeless without a time
     * @param outsideDomain that cannot be used: created_at outside of the years 1 to 9999, or more digits than 1,000
     */
    public record Rest(long left, long later, @Nullable Instant firstLater, long timeless, long outsideDomain) {}
}
