package dev.freshet.serving.export;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * How far what was served differs from what was right, in one feature. Only labels count of which it is known what a reader saw, a row
 * or none.
 *
 * @param compared labels; each of them is one of the next four
 * @param onlyEventTime labels for which nothing was served
 * @param onlyServed labels for which nothing is right
 * @param meanDifference the mean of the absolute differences of numbers, of labels that have both; null where there is none
 */
public record Skew(
        String feature,
        long compared,
        long equal,
        long different,
        long onlyEventTime,
        long onlyServed,
        @Nullable BigDecimal meanDifference) {
    private static final int SHARE_SCALE = 6;

    /** Of the labels compared, the share that is not equal; 0 where there is none. */
    public BigDecimal share() {
        return compared == 0
                ? BigDecimal.ZERO
                : BigDecimal.valueOf(compared - equal)
                        .divide(BigDecimal.valueOf(compared), SHARE_SCALE, RoundingMode.HALF_UP);
    }
}
