package dev.freshet.serving.export;

import java.math.BigDecimal;

import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.catalogue.Aggregate;

/**
 * A column of exact numbers on its way through DuckDB, as text: its decimals have 38 digits, and no NaN. Remembers whether they
 * would have done.
 */
final class NumberColumn {
    private static final int MEAN_SCALE = 4;
    private static final int DECIMAL_DIGITS = 38;

    private final int scale;
    private final boolean isMean;
    private long beyond;

    NumberColumn(Aggregate aggregate) {
        isMean = aggregate == Aggregate.AVG;
        scale = isMean ? MEAN_SCALE : NumericField.SMALL_SCALE;
    }

    /** Equal numbers give equal texts. */
    String text(Numeric number) {
        if (!(number instanceof Numeric.Finite finite)) {
            beyond++;
            return number.text();
        }
        BigDecimal plain = finite.value().stripTrailingZeros();
        int least = isMean ? MEAN_SCALE : 0;
        BigDecimal shown = plain.scale() < least ? plain.setScale(least) : plain;
        if (shown.scale() > scale || shown.precision() - shown.scale() > DECIMAL_DIGITS - scale) {
            beyond++;
        }
        return shown.toPlainString();
    }

    /** How many of them no decimal of DuckDB's can hold. */
    long beyond() {
        return beyond;
    }

    /** Of all that were counted, only these came to labels. */
    void recount(long joined) {
        beyond = joined;
    }

    /** In DuckDB: whether no decimal holds the number. */
    String isBeyond(String text) {
        return "%1$s IS NOT NULL AND (TRY_CAST(%1$s AS %2$s) IS NULL OR length(split_part(%1$s, '.', 2)) > %3$d)"
                .formatted(text, type(), scale);
    }

    /** The decimal that holds them all, if none is beyond it. */
    String type() {
        return "DECIMAL(" + DECIMAL_DIGITS + ", " + scale + ")";
    }
}
