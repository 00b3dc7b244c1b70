package dev.freshet.serving.export;

import java.math.BigDecimal;

import dev.freshet.schemas.Numeric;

/**
 * A sum of numerics that any of them can be taken out of again, and that never rounds. What is not finite is counted, so that it
 * can leave; what is small is added up in a long until that is full.
 */
final class ExactSum {
    private long small;
    private BigDecimal large = BigDecimal.ZERO;
    private boolean hasLarge;
    private long nans;
    private long infinities;
    private long negativeInfinities;

    void clear() {
        small = 0;
        large = BigDecimal.ZERO;
        hasLarge = false;
        nans = 0;
        infinities = 0;
        negativeInfinities = 0;
    }

    /** @param amount in hundred-millionths; negated to take it out */
    void add(long amount) {
        long sum = small + amount;
        if (((small ^ sum) & (amount ^ sum)) < 0) {
            addLarge(BigDecimal.valueOf(small, NumericField.SMALL_SCALE));
            small = amount;
        } else {
            small = sum;
        }
    }

    /** @param times 1, or -1 to take it out */
    void add(Numeric value, int times) {
        if (value instanceof Numeric.Finite finite) {
            addLarge(times < 0 ? finite.value().negate() : finite.value());
        } else if (value.equals(Numeric.NAN)) {
            nans += times;
        } else if (value.equals(Numeric.INFINITY)) {
            infinities += times;
        } else {
            negativeInfinities += times;
        }
    }

    private void addLarge(BigDecimal value) {
        large = large.add(value);
        hasLarge = true;
    }

    /** As PostgreSQL's sum(): infinities of both signs make NaN. */
    Numeric value() {
        if (nans > 0 || (infinities > 0 && negativeInfinities > 0)) {
            return Numeric.NAN;
        }
        if (infinities > 0) {
            return Numeric.INFINITY;
        }
        if (negativeInfinities > 0) {
            return Numeric.NEGATIVE_INFINITY;
        }
        BigDecimal sum = BigDecimal.valueOf(small, NumericField.SMALL_SCALE);
        return Numeric.of(hasLarge ? sum.add(large) : sum);
    }
}
