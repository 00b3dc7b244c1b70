package dev.freshet.serving.lookup;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How complete the table was a moment ago, and which turn of the readers to a build it is true of.
 *
 * @param epoch that the rows had which were read with it
 * @param targetTime the target's clock
 * @param askedAt {@link dev.freshet.runtime.time.Time#nanoTime} before it was asked
 */
record Completeness(int epoch, CompleteThrough through, Instant targetTime, long askedAt) {
    /** Of a caller who makes ten thousand lookups a second, one in two hundred reads it: too few to show at p99. */
    private static final Duration SHARED = Duration.ofMillis(20);

    /** An answer without a row does not tell the epoch: it is the known one's if that is of the same build, else this is empty. */
    static Optional<Completeness> of(Answer answer, @Nullable Completeness known) {
        Optional<Integer> told =
                answer.rows().values().stream().map(FeatureRow::epoch).findAny();
        Optional<Integer> epoch = told.isEmpty()
                        && known != null
                        && known.through().generation() == answer.through().generation()
                ? Optional.of(known.epoch())
                : told;
        return epoch.map(one -> new Completeness(one, answer.through(), answer.targetTime(), answer.askedAt()));
    }

    boolean isUsable(long now, long minLsn) {
        return now - askedAt <= SHARED.toNanos() && through.reaches(minLsn);
    }

    /** That which says the most, so that of two answers the later one never says less. */
    static Completeness furthest(@Nullable Completeness known, Completeness other) {
        if (known == null || known.epoch() != other.epoch()) {
            return known == null || known.epoch() < other.epoch() ? other : known;
        }
        return known.through().reaches(other.through().lsn())
                        && known.through().lsn() != other.through().lsn()
                ? known
                : other;
    }
}
