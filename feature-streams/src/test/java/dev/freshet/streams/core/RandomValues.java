package dev.freshet.streams.core;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Numeric;

/** Totals and instants, ordinary ones and the awkward ones of the domain. */
final class RandomValues {
    static final long SECOND = 1_000_000;
    static final long DAY = 86_400 * SECOND;
    private static final long YEAR_1 = -62_135_596_800L * SECOND;
    private static final long YEAR_9999 = 253_402_300_800L * SECOND - 1;

    private final SplittableRandom random;
    private final int columns;

    RandomValues(SplittableRandom random, int columns) {
        this.random = random;
        this.columns = columns;
    }

    List<@Nullable Numeric> columns() {
        List<@Nullable Numeric> values = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            values.add(numeric());
        }
        return values;
    }

    private @Nullable Numeric numeric() {
        return switch (random.nextInt(40)) {
            case 0 -> Numeric.NAN;
            case 1 -> Numeric.INFINITY;
            case 2 -> Numeric.NEGATIVE_INFINITY;
            case 3 -> null;
            case 4, 5 -> Numeric.of(new BigDecimal(random.nextBoolean() ? "0" : "0.00"));
            case 6, 7, 8 -> Numeric.of(fortyDigits());
            case 9 -> Numeric.of(new BigDecimal("0.00005"));
            case 10 -> Numeric.of(new BigDecimal("-0.00005"));
            case 11, 12, 13, 14 -> Numeric.of(BigDecimal.valueOf(-random.nextLong(1, 100_000), 2));
            default -> Numeric.of(BigDecimal.valueOf(random.nextLong(1, 100_000), 2));
        };
    }

    private BigDecimal fortyDigits() {
        BigInteger digits = BigInteger.TEN.pow(39).add(BigInteger.valueOf(random.nextLong(Long.MAX_VALUE)));
        BigDecimal value = new BigDecimal(digits, random.nextInt(0, 41));
        return random.nextBoolean() ? value : value.negate();
    }

    /** A created_at as seen from {@code now}: around now, around the edges of windows, in between, far away, or NULL. */
    @Nullable
    Long createdAt(long now) {
        return switch (random.nextInt(30)) {
            case 0, 1 -> null;
            case 2 -> YEAR_1;
            case 3 -> YEAR_9999;
            case 4, 5, 6 -> now + random.nextLong(-3, 4);
            case 7, 8, 9 -> now - 7 * DAY + random.nextLong(-3, 4);
            case 10, 11, 12 -> now - 30 * DAY + random.nextLong(-3, 4);
            case 13, 14, 15 -> now + random.nextLong(10 * DAY);
            case 16, 17 -> now + random.nextLong(10 * SECOND);
            case 18 -> now - now % DAY + random.nextLong(-1, 2);
            default -> now - random.nextLong(40 * DAY);
        };
    }

    /** A step in time: mostly small. */
    long step() {
        return random.nextInt(4) == 0 ? random.nextLong(DAY / 2) : random.nextLong(10 * SECOND);
    }

    /** A step in time that many edges are jumped over with. */
    long jump() {
        return random.nextLong(12 * DAY);
    }
}
