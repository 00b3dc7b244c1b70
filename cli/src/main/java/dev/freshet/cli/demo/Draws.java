package dev.freshet.cli.demo;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;

/** The shop's random values, the same for the same seed. Money is decimal and times have microseconds, as in the database. */
final class Draws {
    static final Duration PAST = Duration.ofDays(60);
    private static final Duration FUTURE = Duration.ofDays(3);
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration SOON = Duration.ofSeconds(20);
    /** Few customers make most of the orders. */
    private static final double SKEW = 2.5;

    private final SplittableRandom random;

    Draws(SplittableRandom random) {
        this.random = random;
    }

    SplittableRandom random() {
        return random;
    }

    int index(int size) {
        return random.nextInt(size);
    }

    /** An index that is much more likely to be small. */
    int skewedIndex(int size) {
        return (int) (size * Math.pow(random.nextDouble(), SKEW));
    }

    boolean happens(int percent) {
        return random.nextInt(100) < percent;
    }

    /** Cents around 30.00; now and then a refund, a gift or an odd fraction of a cent. */
    BigDecimal total() {
        int kind = random.nextInt(100);
        if (kind == 0) {
            return BigDecimal.ZERO;
        }
        if (kind == 1) {
            return BigDecimal.valueOf(-random.nextLong(100, 5_000), 2);
        }
        if (kind == 2) {
            return BigDecimal.valueOf(random.nextLong(1, 50_000_000), 6);
        }
        // The product of two draws: many small ones, few large ones.
        return BigDecimal.valueOf(random.nextLong(10, 250) * random.nextLong(1, 50), 2);
    }

    /** Within the last 60 days, the newer the likelier; one in fifty within the next days. */
    Instant orderTime(Instant now) {
        if (happens(2)) {
            return later(now, fraction(FUTURE, random.nextDouble()));
        }
        return earlier(now, fraction(PAST, Math.pow(random.nextDouble(), 1.5)));
    }

    /** Within the next seconds. */
    Instant soon(Instant now) {
        return later(now, fraction(SOON, random.nextDouble()));
    }

    /** So that the order leaves the window of 7 days within the next seconds. */
    Instant leavingSoon(Instant now) {
        return later(earlier(now, WEEK), fraction(SOON, random.nextDouble()));
    }

    private static Duration fraction(Duration whole, double fraction) {
        return Duration.of((long) (fraction * whole.toNanos() / 1_000), ChronoUnit.MICROS);
    }

    private static Instant later(Instant instant, Duration duration) {
        return instant.plus(duration);
    }

    private static Instant earlier(Instant instant, Duration duration) {
        return instant.minus(duration);
    }
}
