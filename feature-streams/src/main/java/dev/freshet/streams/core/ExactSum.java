package dev.freshet.streams.core;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Numeric;

/**
 * A retractable sum over PostgreSQL numerics. NaN and the infinities are counted beside the finite sum, so that one of them
 * can be taken out again: a plain sum would stay NaN for ever.
 *
 * <p>Results follow PostgreSQL: NaN if any NaN, or infinities of both signs; NULL values take no part.
 */
final class ExactSum {
    private static final int MEAN_SCALE = 4;

    private BigDecimal finite = BigDecimal.ZERO;
    private long values;
    private long nans;
    private long infinities;
    private long negativeInfinities;

    ExactSum() {}

    ExactSum(ByteReader in) {
        values = in.varlong();
        nans = in.varlong();
        infinities = in.varlong();
        negativeInfinities = in.varlong();
        finite = in.decimal();
    }

    void write(ByteWriter out) {
        out.varlong(values)
                .varlong(nans)
                .varlong(infinities)
                .varlong(negativeInfinities)
                .decimal(finite);
    }

    void add(@Nullable Numeric value) {
        change(value, 1);
    }

    void remove(@Nullable Numeric value) {
        change(value, -1);
    }

    private void change(@Nullable Numeric value, int sign) {
        if (value == null) {
            return;
        }
        values += sign;
        if (value instanceof Numeric.Finite number) {
            finite = sign > 0 ? finite.add(number.value()) : finite.subtract(number.value());
        } else if (value.equals(Numeric.NAN)) {
            nans += sign;
        } else if (value.equals(Numeric.INFINITY)) {
            infinities += sign;
        } else {
            negativeInfinities += sign;
        }
    }

    /** The sum; null of no values. Its scale does not depend on what was taken out again. */
    @Nullable
    Numeric sum() {
        if (values == 0) {
            return null;
        }
        Numeric special = special();
        if (special != null) {
            return special;
        }
        BigDecimal stripped = finite.stripTrailingZeros();
        return Numeric.of(stripped.scale() < 0 ? stripped.setScale(0) : stripped);
    }

    /** The exact quotient sum / count, rounded to 4 places, half away from zero (DESIGN 1.3); null of no values. */
    @Nullable
    Numeric mean() {
        if (values == 0) {
            return null;
        }
        Numeric special = special();
        return special != null
                ? special
                : Numeric.of(finite.divide(BigDecimal.valueOf(values), MEAN_SCALE, RoundingMode.HALF_UP));
    }

    private @Nullable Numeric special() {
        if (nans > 0 || (infinities > 0 && negativeInfinities > 0)) {
            return Numeric.NAN;
        }
        if (infinities > 0) {
            return Numeric.INFINITY;
        }
        return negativeInfinities > 0 ? Numeric.NEGATIVE_INFINITY : null;
    }
}
