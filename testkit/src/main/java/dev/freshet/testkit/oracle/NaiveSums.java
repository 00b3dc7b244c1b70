package dev.freshet.testkit.oracle;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.feature.FeatureValue;

/** Aggregates by obvious loops. NULL values take no part. */
final class NaiveSums {
    private NaiveSums() {}

    /** As PostgreSQL adds: NaN if any is NaN, or if both infinities are there. */
    static @Nullable Numeric sum(List<@Nullable Numeric> column) {
        Numeric sum = null;
        for (Numeric value : column) {
            if (value != null) {
                sum = sum == null ? value : plus(sum, value);
            }
        }
        return sum;
    }

    private static Numeric plus(Numeric one, Numeric other) {
        if (one instanceof Numeric.Finite a && other instanceof Numeric.Finite b) {
            return Numeric.of(a.value().add(b.value()));
        }
        if (one instanceof Numeric.Finite) {
            return other;
        }
        if (other instanceof Numeric.Finite) {
            return one;
        }
        return one == other ? one : Numeric.NAN;
    }

    /** The exact quotient to 4 places, half away from zero, by whole numbers: sign(s) * div(|s| * 20000 + n, 2n) / 10000. */
    static @Nullable Numeric average(List<@Nullable Numeric> column) {
        if (!(sum(column) instanceof Numeric.Finite sum)) {
            return sum(column);
        }
        long n = column.stream().filter(value -> value != null).count();
        BigDecimal numerator =
                sum.value().abs().multiply(BigDecimal.valueOf(20_000)).add(BigDecimal.valueOf(n));
        BigInteger places = numerator
                .divide(BigDecimal.valueOf(2 * n), 0, RoundingMode.DOWN)
                .toBigInteger();
        BigDecimal average = new BigDecimal(places, 4);
        return Numeric.of(sum.value().signum() < 0 ? average.negate() : average);
    }

    static FeatureValue.@Nullable Day newestDay(Collection<Long> instants) {
        LocalDate newest = null;
        for (Long micros : instants) {
            LocalDate day = Instant.EPOCH
                    .plus(micros, ChronoUnit.MICROS)
                    .atOffset(ZoneOffset.UTC)
                    .toLocalDate();
            if (newest == null || day.isAfter(newest)) {
                newest = day;
            }
        }
        return newest == null ? null : new FeatureValue.Day(newest);
    }
}
