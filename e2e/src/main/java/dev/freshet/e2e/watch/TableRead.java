package dev.freshet.e2e.watch;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.feature.FeatureValue;
import dev.freshet.testkit.oracle.Truth;

/**
 * The whole table and how complete it is, as one statement saw them.
 *
 * @param lsn up to which it is complete
 * @param completeThrough source time of that, in epoch microseconds
 */
record TableRead(int generation, long lsn, long completeThrough, List<FeatureRow> rows) {
    private static final int MEAN_DIGITS = 2_000;

    private static final String HAS_VIEWS = "SELECT to_regclass('freshet_complete_through') IS NOT NULL";

    private static final String READ = """
            SELECT c.generation, (c.lsn - '0/0'::pg_lsn)::bigint, (extract(epoch FROM c.source_time) * 1000000)::bigint,
                f.user_id, f.epoch, f.version, (extract(epoch FROM f.computed_at) * 1000000)::bigint,
                (extract(epoch FROM f.exact_until) * 1000000)::bigint, f.incomplete,
                f.order_count_7d, f.order_count_30d, f.avg_order_value::text, f.last_order_date
            FROM freshet_complete_through AS c LEFT JOIN user_features AS f ON true""";

    TableRead {
        rows = List.copyOf(rows);
    }

    /** Empty while there is nothing to read yet. */
    static Optional<TableRead> of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet there = statement.executeQuery(HAS_VIEWS)) {
                there.next();
                if (!there.getBoolean(1)) {
                    return Optional.empty();
                }
            }
            try (ResultSet row = statement.executeQuery(READ)) {
                return read(row);
            }
        }
    }

    private static Optional<TableRead> read(ResultSet row) throws SQLException {
        TableRead head = null;
        List<FeatureRow> rows = new ArrayList<>();
        while (row.next()) {
            if (head == null) {
                head = new TableRead(row.getInt(1), row.getLong(2), row.getLong(3), List.of());
            }
            long user = row.getLong(4);
            if (!row.wasNull()) {
                rows.add(new FeatureRow(user, row.getInt(5), row.getLong(6), row.getLong(7), says(row)));
            }
        }
        return Optional.ofNullable(head)
                .map(one -> new TableRead(one.generation(), one.lsn(), one.completeThrough(), rows));
    }

    private static Truth says(ResultSet row) throws SQLException {
        long exactUntil = row.getLong(8);
        Long orNever = row.wasNull() ? null : (Long) exactUntil;
        boolean incomplete = row.getBoolean(9);
        String mean = row.getString(12);
        Date day = row.getDate(13);
        List<@Nullable FeatureValue> values = Arrays.asList(
                count(row, 10),
                count(row, 11),
                mean == null ? null : new FeatureValue.Amount(Numeric.parse(mean, MEAN_DIGITS)),
                day == null ? null : new FeatureValue.Day(day.toLocalDate()));
        return new Truth(values, orNever, incomplete);
    }

    private static @Nullable FeatureValue count(ResultSet row, int column) throws SQLException {
        BigDecimal count = row.getBigDecimal(column);
        return count == null ? null : new FeatureValue.Count(count.longValueExact());
    }
}
