package dev.freshet.runtime.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** One transaction on a connection that is in auto-commit mode before and after. */
public final class Transaction {
    /** The advisory lock that all of Freshet's DDL takes: "freshet" in a telephone's digits. */
    private static final long DDL_LOCK = 3_737_438;

    private Transaction() {}

    /** What is done between BEGIN and COMMIT. */
    @FunctionalInterface
    public interface Work<T> {
        T run(Statement statement) throws SQLException;
    }

    /** Commits what the work did, or rolls it back and throws what it threw. */
    public static <T> T run(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            T result = work.run(statement);
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            rollback(connection, e);
            throw e;
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    /** The same under the lock that all of Freshet's DDL takes: {@code IF NOT EXISTS} alone is not safe against itself. */
    public static <T> T ofDdl(Connection connection, Work<T> work) throws SQLException {
        return run(connection, statement -> {
            statement.execute("SELECT pg_advisory_xact_lock(" + DDL_LOCK + ")");
            return work.run(statement);
        });
    }

    private static void rollback(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
