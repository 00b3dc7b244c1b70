package dev.freshet.sink.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;

import dev.freshet.schemas.Id;

/** Flags the rows of users of whom an entry could not be written; the user's next good entry takes the flag off. */
final class MarkIncomplete {
    private final String sql;

    MarkIncomplete(GenerationTarget target, FeatureColumns columns, String clock) {
        sql = """
                WITH held AS (
                    UPDATE %s AS t SET incomplete = true
                    WHERE t.user_id = ANY (?::bigint[]) AND NOT t.incomplete
                    RETURNING %s)
                %s""".formatted(
                        target.table(),
                        columns.each(column -> "t." + column.name(), ", "),
                        HistoryTable.insertHeld(target.generation(), columns, clock));
    }

    void run(Connection connection, Collection<Id> users) throws SQLException {
        if (users.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "bigint", users.stream().map(SqlText::user).toArray()));
            statement.executeUpdate();
        }
    }
}
