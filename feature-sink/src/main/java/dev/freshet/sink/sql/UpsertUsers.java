package dev.freshet.sink.sql;

import static java.util.stream.Collectors.joining;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

import dev.freshet.sink.rule.Batch.Upsert;
import dev.freshet.sink.sql.FeatureColumns.Column;

/** Inserts or updates users and puts what the table then holds into the history, in one statement of any batch size. */
final class UpsertUsers {
    private final FeatureColumns columns;
    private final String sql;

    UpsertUsers(GenerationTarget target, FeatureColumns columns, String clock) {
        this.columns = columns;
        sql = sql(target, columns, clock);
    }

    static String sql(GenerationTarget target, FeatureColumns columns, String clock) {
        return """
                WITH held AS (
                    INSERT INTO %s AS t (%s)
                    SELECT * FROM unnest(%s)
                    ON CONFLICT (user_id) DO UPDATE SET %s
                    WHERE excluded.version > t.version
                    RETURNING %s)
                %s""".formatted(
                        target.table(),
                        columns.names(),
                        columns.each(column -> "?::" + column.arrayType() + "[]", ", "),
                        columns.all().stream()
                                .skip(1)
                                .map(column -> column.name() + " = excluded." + column.name())
                                .collect(joining(", ")),
                        columns.each(column -> "t." + column.name(), ", "),
                        HistoryTable.insertHeld(target.generation(), columns, clock));
    }

    /** @return how many were written; the others were rejected by the version guard */
    int run(Connection connection, List<Upsert> upserts) throws SQLException {
        if (upserts.isEmpty()) {
            return 0;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int next = 1;
            UserColumn user = columns.user();
            statement.setArray(
                    next++, array(connection, user.sqlType(), upserts, upsert -> user.parameter(upsert.user())));
            List<Column> features = columns.features();
            for (int i = 0; i < features.size(); i++) {
                int feature = i;
                statement.setArray(
                        next++,
                        array(
                                connection,
                                features.get(i).arrayType(),
                                upserts,
                                upsert -> SqlText.feature(upsert.row().values().get(feature))));
            }
            statement.setArray(
                    next++,
                    array(
                            connection,
                            "timestamptz",
                            upserts,
                            upsert -> SqlText.instant(upsert.row().computedAt())));
            statement.setArray(
                    next++,
                    array(
                            connection,
                            "timestamptz",
                            upserts,
                            upsert -> SqlText.instantOrNull(upsert.row().exactUntil())));
            statement.setArray(next++, array(connection, "boolean", upserts, upsert -> upsert.row()
                    .incomplete()));
            statement.setArray(next, array(connection, "bigint", upserts, upsert -> upsert.row()
                    .version()));
            return statement.executeUpdate();
        }
    }

    private static Array array(
            Connection connection, String type, List<Upsert> upserts, Function<Upsert, @Nullable Object> value)
            throws SQLException {
        return connection.createArrayOf(type, upserts.stream().map(value).toArray());
    }
}
