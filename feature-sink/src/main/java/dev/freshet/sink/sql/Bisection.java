package dev.freshet.sink.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;

import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.sink.rule.Batch.Upsert;

/**
 * Writes every row of a batch that the table takes, and finds the others by halving: those whose user is not there, and those
 * that can never be written. Within the caller's transaction, by savepoints.
 */
final class Bisection {
    private static final String FOREIGN_KEY_VIOLATION = "23503";

    /** A row that the table refuses, and its reason. */
    record Refused(Upsert upsert, String reason) {}

    private final Connection connection;
    private final UpsertUsers statement;
    private final List<Upsert> withoutUser = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();
    private int written;

    Bisection(Connection connection, UpsertUsers statement) {
        this.connection = connection;
        this.statement = statement;
    }

    void run(List<Upsert> upserts) throws SQLException {
        if (upserts.isEmpty()) {
            return;
        }
        Savepoint before = connection.setSavepoint();
        try {
            written += statement.run(connection, upserts);
            connection.releaseSavepoint(before);
        } catch (SQLException e) {
            if (SqlFault.of(e) != SqlFault.ROW || MissingDayException.isReasonOf(e)) {
                throw e;
            }
            connection.rollback(before);
            if (upserts.size() > 1) {
                run(upserts.subList(0, upserts.size() / 2));
                run(upserts.subList(upserts.size() / 2, upserts.size()));
            } else if (FOREIGN_KEY_VIOLATION.equals(e.getSQLState())) {
                withoutUser.add(upserts.get(0));
            } else {
                refused.add(new Refused(upserts.get(0), String.valueOf(e.getMessage())));
            }
        }
    }

    /** How many rows the table took. */
    int written() {
        return written;
    }

    List<Upsert> withoutUser() {
        return withoutUser;
    }

    List<Refused> refused() {
        return refused;
    }
}
