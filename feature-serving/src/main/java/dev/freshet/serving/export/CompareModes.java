package dev.freshet.serving.export;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import dev.freshet.schemas.catalogue.Aggregate;

/** Counts, feature by feature, how {@code event} and {@code served} differ. */
final class CompareModes {
    private CompareModes() {}

    static List<Skew> run(Duck duck, List<FeatureColumn> columns) throws SQLException {
        List<Skew> skews = new ArrayList<>();
        for (FeatureColumn column : columns) {
            String name = column.feature().name();
            skews.addAll(duck.list(
                    sql(column),
                    row -> new Skew(
                            name,
                            row.getLong(1),
                            row.getLong(2),
                            row.getLong(3),
                            row.getLong(4),
                            row.getLong(5),
                            row.getString(6) == null ? null : new BigDecimal(row.getString(6)))));
        }
        return skews;
    }

    static String sql(FeatureColumn column) {
        String difference = column.aggregate() == Aggregate.LAST_DATE
                ? "NULL"
                : "CAST(TRY_CAST(avg(abs(x - y)) FILTER (isfinite(x) AND isfinite(y)) AS DECIMAL(38, 6)) AS VARCHAR)";
        return """
                SELECT count(*), count(*) FILTER (e IS NOT DISTINCT FROM s), count(*) FILTER (e <> s),
                    count(*) FILTER (e IS NOT NULL AND s IS NULL), count(*) FILTER (e IS NULL AND s IS NOT NULL), %s
                FROM (SELECT e.%s AS e, s.%2$s AS s, %3$s AS x, %4$s AS y FROM served AS s LEFT JOIN event AS e ON e.r = s.r
                    WHERE s.outcome IN ('SERVED', 'ABSENT'))""".formatted(difference, column.column(), number(column, "e"), number(column, "s"));
    }

    private static String number(FeatureColumn column, String table) {
        return column.aggregate() == Aggregate.LAST_DATE
                ? "NULL"
                : "TRY_CAST(" + table + "." + column.column() + " AS DOUBLE)";
    }
}
