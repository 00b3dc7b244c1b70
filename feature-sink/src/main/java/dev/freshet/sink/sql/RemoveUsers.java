package dev.freshet.sink.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

import dev.freshet.schemas.Names;
import dev.freshet.sink.rule.Batch.Gone;

/**
 * Deletes users, and puts each removal into the history: also when the row is gone already, as it is under a foreign key
 * that cascades.
 */
final class RemoveUsers {
    private final UserColumn user;
    private final String delete;
    private final String remember;

    RemoveUsers(GenerationTarget target, UserColumn user, String clock) {
        this.user = user;
        delete = """
                DELETE FROM %s AS t USING unnest(?::%s[], ?::bigint[]) AS gone (user_id, version)
                WHERE t.user_id = gone.user_id AND t.version < gone.version""".formatted(target.table(), user.sqlType());
        remember = """
                INSERT INTO %s (generation, removed, user_id, version, computed_at, held_from)
                SELECT %d, true, gone.user_id, gone.version, gone.computed_at, %s
                FROM unnest(?::%s[], ?::bigint[], ?::timestamptz[]) AS gone (user_id, version, computed_at)
                WHERE NOT EXISTS (SELECT FROM %s AS t WHERE t.user_id = gone.user_id)""".formatted(Names.HISTORY, target.generation(), clock, user.sqlType(), target.table());
    }

    /** @return how many were carried out; the others were rejected by the version guard */
    int run(Connection connection, List<Gone> removals) throws SQLException {
        if (removals.isEmpty()) {
            return 0;
        }
        Object[] users =
                removals.stream().map(gone -> user.parameter(gone.user())).toArray();
        Object[] versions =
                removals.stream().map(gone -> gone.removal().version()).toArray();
        Object[] times = removals.stream()
                .map(gone -> SqlText.instant(gone.removal().computedAt()))
                .toArray();
        try (PreparedStatement statement = connection.prepareStatement(delete)) {
            statement.setArray(1, connection.createArrayOf(user.sqlType(), users));
            statement.setArray(2, connection.createArrayOf("bigint", versions));
            statement.executeUpdate();
        }
        try (PreparedStatement statement = connection.prepareStatement(remember)) {
            statement.setArray(1, connection.createArrayOf(user.sqlType(), users));
            statement.setArray(2, connection.createArrayOf("bigint", versions));
            statement.setArray(3, connection.createArrayOf("timestamptz", times));
            return statement.executeUpdate();
        }
    }
}
