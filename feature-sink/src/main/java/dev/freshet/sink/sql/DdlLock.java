package dev.freshet.sink.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** One transaction under the advisory lock that all of Freshet's DDL in the target takes. */
final class DdlLock {
    /** "freshet" in a telephone's digits: any number, as long as it stays. */
    private static final long KEY = 3_737_438;

    /** What to do under the lock. */
    interface Work {
        void run(Statement statement) throws SQLException;
    }

    private DdlLock() {}

    /** Commits, or rolls back and throws. The connection is in auto-commit mode before and after. */
    static void inTransaction(Connection connection, Work work) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(" + KEY + ")");
            work.run(statement);
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            rollback(connection, e);
            throw e;
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    private static void rollback(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
