package dev.freshet.ops.reconcile;

import java.time.Duration;

/**
 * How much a comparison asks for at once, and how long it waits.
 *
 * @param chunk users that one statement compares
 * @param pauseShare the share of the time, 0 to below 1, in which the source is left alone
 * @param patience how long it waits for transactions in flight, and for the table to catch up
 */
public record Pace(int chunk, double pauseShare, Duration patience) {
    public static final Pace STANDARD = new Pace(1_000, 0.5, Duration.ofSeconds(30));

    public Pace {
        if (chunk < 1 || !(pauseShare >= 0 && pauseShare < 1)) {
            throw new IllegalArgumentException("chunk " + chunk + ", pause share " + pauseShare);
        }
    }

    /** How long to rest after so much work. */
    Duration pauseAfter(long workedNanos) {
        return Duration.ofNanos((long) (workedNanos * pauseShare / (1 - pauseShare)));
    }
}
