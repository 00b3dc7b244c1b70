package dev.freshet.sink.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

import dev.freshet.schemas.Id;

/** Flags the rows of users of whom an entry could not be written; the user's next good entry takes the flag off. */
final class MarkIncomplete {
    private final UserColumn user;
    private final String mark;
    private final String withRow;

    MarkIncomplete(GenerationTarget target, FeatureColumns columns, String clock) {
        user = columns.user();
        // What this very transaction has upserted is in the history already, from the same time on.
        mark = """
                WITH held AS (
                    UPDATE %s AS t SET incomplete = true
                    WHERE t.user_id = ANY (?::%s[]) AND NOT t.incomplete
                    RETURNING %s)
                %s
                ON CONFLICT (generation, user_id, version, held_from) DO UPDATE SET incomplete = true""".formatted(
                        target.table(),
                        user.sqlType(),
                        columns.each(column -> "t." + column.name(), ", "),
                        HistoryTable.insertHeld(target.generation(), columns, clock));
        withRow = "SELECT user_id FROM " + target.table() + " WHERE user_id = ANY (?::" + user.sqlType() + "[])";
    }

    /** @return those of the users who have a row, which is flagged now */
    Set<Id> run(Connection connection, Collection<Id> users) throws SQLException {
        Set<Id> flagged = new HashSet<>();
        if (users.isEmpty()) {
            return flagged;
        }
        Object[] keys = users.stream().map(user::parameter).toArray();
        try (PreparedStatement statement = connection.prepareStatement(mark)) {
            statement.setArray(1, connection.createArrayOf(user.sqlType(), keys));
            statement.executeUpdate();
        }
        try (PreparedStatement statement = connection.prepareStatement(withRow)) {
            statement.setArray(1, connection.createArrayOf(user.sqlType(), keys));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    flagged.add(user.read(rows, 1));
                }
            }
        }
        return flagged;
    }
}
