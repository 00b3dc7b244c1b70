package dev.freshet.ops.truth;

import static dev.freshet.runtime.source.SourceTables.quoted;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.source.SourceTables;
import dev.freshet.schemas.catalogue.FeatureDefinition;

/**
 * One feature in SQL: aggregates over the orders {@code o} of one user with created_at up to t, and the value made of them,
 * where they are columns of {@code a}.
 */
final class FeatureSql {
    private final FeatureDefinition feature;
    private final SourceTables.Orders orders;

    FeatureSql(FeatureDefinition feature, SourceTables.Orders orders) {
        this.feature = feature;
        this.orders = orders;
    }

    String name() {
        return quoted(feature.name());
    }

    String type() {
        return switch (feature.aggregate()) {
            case COUNT -> "int";
            case SUM, AVG -> "numeric";
            case LAST_DATE -> "date";
        };
    }

    /** The aggregates, each with its name. */
    List<String> aggregates(String t) {
        String filter = filter(t);
        List<String> aggregates = new ArrayList<>();
        switch (feature.aggregate()) {
            case COUNT -> aggregates.add("count(" + orders.time() + ")" + filter + " AS " + name());
            case SUM -> aggregates.add("sum(" + column() + ")" + filter + " AS " + name());
            case AVG -> {
                aggregates.add("sum(" + column() + ")" + filter + " AS " + sum());
                aggregates.add("count(" + column() + ")" + filter + " AS " + count());
            }
            case LAST_DATE -> aggregates.add("max(" + orders.time() + ")" + filter + " AS " + name());
        }
        return aggregates;
    }

    /**
     * The value. A mean is the exact quotient, rounded to 4 places, half away from zero: div keeps every digit of an integer
     * quotient, where division keeps about 16 digits in all; so it is also scaled by a multiplication.
     */
    String value() {
        return switch (feature.aggregate()) {
            case COUNT -> "a." + name() + "::int";
            case SUM -> "a." + name();
            case AVG ->
                "sign(a.%1$s) * div(abs(a.%1$s) * 20000 + a.%2$s, 2 * a.%2$s) * 0.0001".formatted(sum(), count());
            case LAST_DATE -> "(a." + name() + " AT TIME ZONE 'UTC')::date";
        };
    }

    private String filter(String t) {
        String interval = interval(feature.window());
        return interval == null ? "" : " FILTER (WHERE " + orders.time() + " > " + t + " - " + interval + ")";
    }

    /** In hours, not days: a day of PostgreSQL is 23 or 25 hours long where the session's time zone says so. */
    private static @Nullable String interval(@Nullable Duration window) {
        if (window == null) {
            return null;
        }
        return window.equals(Duration.ofHours(window.toHours()))
                ? "interval '" + window.toHours() + " hours'"
                : "interval '%d:%02d:%02d.%06d'"
                        .formatted(
                                window.toHours(),
                                window.toMinutesPart(),
                                window.toSecondsPart(),
                                window.toNanosPart() / 1_000);
    }

    private String column() {
        return orders.amount(java.util.Objects.requireNonNull(feature.column()));
    }

    private String sum() {
        return quoted(feature.name() + "$sum");
    }

    private String count() {
        return quoted(feature.name() + "$count");
    }
}
