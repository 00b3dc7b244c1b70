package dev.freshet.serving.lookup;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.time.Time;

/**
 * How far what was read is behind the source.
 *
 * @param now what the clock that it is told by stands at
 * @param clock whose that is
 * @param behind never less than it is; null if the clock stands before what was read: then it was set back, and tells nothing
 */
public record Age(Instant now, Clock clock, @Nullable Duration behind) {
    /** By so much two clocks may be apart before the doctor says so; the target's is taken to be as late as that. */
    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    private static final long NANOS_OF_MILLI = 1_000_000;

    /** By whose clock. */
    public enum Clock {
        /** That which source_time is told by. */
        SOURCE,
        /** The source has not answered since the start: a second is added, and it is right if the clocks agree within that. */
        TARGET
    }

    /** Of an answer that is told now. */
    public static Age of(Answer answer, SourceClock source, Time time) {
        Optional<Instant> now = source.now();
        return now.isPresent()
                ? of(answer.through(), now.get(), Clock.SOURCE)
                : of(
                        answer.through(),
                        answer.targetTime()
                                .plusNanos(time.nanoTime() - answer.askedAt())
                                .plus(TOLERANCE),
                        Clock.TARGET);
    }

    static Age of(CompleteThrough through, Instant now, Clock clock) {
        Duration behind = Duration.between(through.sourceTime(), now);
        return new Age(now, clock, behind.isNegative() ? null : behind);
    }

    /** Rounded up; null where it is not known. */
    public @Nullable Long millis() {
        Duration known = behind;
        return known == null ? null : known.plusNanos(NANOS_OF_MILLI - 1).toMillis();
    }

    /** Whether it is known to be no more than that. */
    public boolean isWithin(Duration limit) {
        Duration known = behind;
        return known != null && known.compareTo(limit) <= 0;
    }

    /** Whether time alone has changed a row since it was computed. */
    public boolean isPast(@Nullable Instant exactUntil) {
        return exactUntil != null && !now.isBefore(exactUntil);
    }
}
