package dev.freshet.e2e.watch;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

import dev.freshet.testkit.oracle.Truth;

/** What there is to a row, by what a reader can know of the source. */
final class Claims {
    /** By so much, in microseconds, commits may be noted in another order than that in which they stand in the WAL. */
    static final long DOUBT = 100_000;

    private final AtomicLong exact = new AtomicLong();
    private final AtomicLong lenient = new AtomicLong();

    /** Rows that were held against what was right at their computed_at. */
    long rowsCompared() {
        return exact.get();
    }

    /** Of these, such as are right only if a commit that was noted just before that time stands behind it. */
    long rowsInDoubt() {
        return lenient.get();
    }

    /** That it is the truth at its computed_at. */
    Claim isTruthWhenComputed(FeatureRow row) {
        return past -> {
            UserPast user = past.of(row.user());
            if (user == null) {
                return Optional.of("a row of a user whom the source never had: " + row);
            }
            List<@Nullable Truth> right = user.at(row.computedAt(), DOUBT);
            int which = right.indexOf(row.says());
            if (which < 0) {
                return Optional.of("not the truth at its computed_at: " + row + ", right is " + right.get(0));
            }
            exact.incrementAndGet();
            lenient.addAndGet(which == 0 ? 0 : 1);
            return Optional.empty();
        };
    }

    /** That it lacks nothing of what the table claims to hold all of. To be asked of a row that is exact until later than that. */
    static Claim isTruthNow(FeatureRow row, long completeThrough) {
        return past -> {
            UserPast user = past.of(row.user());
            if (user == null || user.lastChange() > completeThrough - DOUBT) {
                return Optional.empty();
            }
            long t = Math.max(row.computedAt(), completeThrough);
            @Nullable Truth right = user.at(t, 0).get(0);
            return Objects.equals(right, row.says())
                    ? Optional.empty()
                    : Optional.of(
                            "complete through " + completeThrough + ", and wrong: " + row + ", right is " + right);
        };
    }

    /** That there is a row of a user, or that there is none. */
    static Claim exists(long of, boolean isThere, long completeThrough) {
        return past -> {
            UserPast user = past.of(of);
            if (user == null || user.lastChange() > completeThrough - DOUBT || user.existsNow() == isThere) {
                return Optional.empty();
            }
            return Optional.of("user " + of + (isThere ? " has a row, and is gone" : " has no row")
                    + ", in a table that is complete through " + completeThrough);
        };
    }
}
