package dev.freshet.serving.explain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.time.Micros;
import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.catalogue.FeatureDefinition;

/**
 * Adds up one feature at an instant, order by order and exactly (DESIGN 1.3). Streams, export and the truth in SQL do that too, each by
 * itself: this is what a row is held against, so code that they shared would be wrong on both sides at once.
 */
final class FeatureSum {
    private static final int MEAN_PLACES = 4;
    /** What PostgreSQL's numeric can have: a sum may have more digits than what it was made of. */
    private static final int MOST_DIGITS = 131_072 + 16_383;

    private final FeatureDefinition feature;
    private final int column;
    private final long at;

    private long orders;
    private long values;
    private BigDecimal finite = BigDecimal.ZERO;
    private boolean hasNaN;
    private boolean hasInfinity;
    private boolean hasNegativeInfinity;
    private @Nullable SourceOrder newest;

    /**
     * @param column where an order's amounts have the feature's column; not asked where it is over the order itself
     * @param at epoch microseconds
     */
    FeatureSum(FeatureDefinition feature, int column, long at) {
        this.feature = feature;
        this.column = column;
        this.at = at;
    }

    /** Whether an order of that time is in the window. */
    boolean counts(long createdAt) {
        return createdAt <= at && (feature.window() == null || createdAt > at - feature.windowMicros());
    }

    void add(SourceOrder order) {
        orders++;
        if (newest == null || Recomputation.OLDEST_FIRST.compare(order, newest) > 0) {
            newest = order;
        }
        if (feature.aggregate().isOverColumn()) {
            add(order.amounts().get(column));
        }
    }

    /** NULL takes no part. */
    private void add(@Nullable Numeric amount) {
        if (amount == null) {
            return;
        }
        values++;
        if (amount instanceof Numeric.Finite number) {
            finite = finite.add(number.value());
        }
        hasNaN |= amount.equals(Numeric.NAN);
        hasInfinity |= amount.equals(Numeric.INFINITY);
        hasNegativeInfinity |= amount.equals(Numeric.NEGATIVE_INFINITY);
    }

    /** Beside the value that the table holds; null for NULL, or where there is no row. */
    ExplainedFeature beside(@Nullable String table) {
        String recomputed = value();
        SourceOrder last = newest;
        return new ExplainedFeature(
                feature,
                table,
                recomputed,
                agree(table, recomputed),
                new ExplainedFeature.Working(
                        orders,
                        values,
                        feature.aggregate().isOverColumn() ? sum() : null,
                        last == null ? null : last.id(),
                        last == null ? null : Micros.toInstant(last.createdAt())));
    }

    private @Nullable String value() {
        return switch (feature.aggregate()) {
            case COUNT -> Long.toString(orders);
            case SUM -> sum();
            case AVG -> mean();
            case LAST_DATE -> newest == null ? null : day(newest.createdAt());
        };
    }

    private @Nullable String sum() {
        if (values == 0) {
            return null;
        }
        Numeric special = special();
        return special == null ? finite.toPlainString() : special.text();
    }

    private @Nullable String mean() {
        if (values == 0) {
            return null;
        }
        Numeric special = special();
        // HALF_UP is away from zero, also below it.
        return special == null
                ? finite.divide(BigDecimal.valueOf(values), MEAN_PLACES, RoundingMode.HALF_UP)
                        .toPlainString()
                : special.text();
    }

    private @Nullable Numeric special() {
        if (hasNaN || (hasInfinity && hasNegativeInfinity)) {
            return Numeric.NAN;
        }
        if (hasInfinity) {
            return Numeric.INFINITY;
        }
        return hasNegativeInfinity ? Numeric.NEGATIVE_INFINITY : null;
    }

    private static String day(long micros) {
        return LocalDate.ofInstant(Micros.toInstant(micros), ZoneOffset.UTC).toString();
    }

    /** Numbers as PostgreSQL compares them: 1.0 = 1.00. */
    private boolean agree(@Nullable String table, @Nullable String recomputed) {
        if (table == null || recomputed == null) {
            return table == null && recomputed == null;
        }
        return feature.aggregate().isOverColumn()
                ? Numeric.parse(table, MOST_DIGITS).equals(Numeric.parse(recomputed, MOST_DIGITS))
                : table.equals(recomputed);
    }
}
