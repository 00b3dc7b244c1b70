package dev.freshet.serving.explain;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.time.Micros;

/**
 * A row of user_features, or a version that it had.
 *
 * @param exactUntil null for never
 * @param values of the features in the catalogue's order, as PostgreSQL prints them; null for NULL
 */
public record HeldRow(
        long version,
        int epoch,
        Instant computedAt,
        @Nullable Instant exactUntil,
        boolean incomplete,
        List<@Nullable String> values) {

    /** Where the values begin in a row that {@link #read} takes. */
    static final int FIRST_VALUE = 8;

    /** @param row with version, epoch, computed_at and exact_until in epoch microseconds, and incomplete, from its second column on */
    static HeldRow read(ResultSet row, int features) throws SQLException {
        List<@Nullable String> values = new ArrayList<>(features);
        for (int i = 0; i < features; i++) {
            values.add(row.getString(FIRST_VALUE + i));
        }
        long exactUntil = row.getLong(5);
        @Nullable Instant until = row.wasNull() ? null : Micros.toInstant(exactUntil);
        return new HeldRow(
                row.getLong(2), row.getInt(3), Micros.toInstant(row.getLong(4)), until, row.getBoolean(6), values);
    }
}
