package dev.freshet.runtime.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

import dev.freshet.runtime.time.Time;

/**
 * Reads in one snapshot in which every transaction is decided that was in flight at the call. A commit stands in the WAL before
 * others see it, so only such a snapshot holds all that stands before the call's place in the WAL.
 */
public final class SettledSnapshot {
    private static final Duration POLL = Duration.ofMillis(10);

    private SettledSnapshot() {}

    /** What is read. */
    @FunctionalInterface
    public interface Reading<T> {
        T read() throws SQLException;
    }

    /**
     * Reads as soon as there is such a snapshot.
     *
     * @param connection in auto-commit mode, that the reading uses
     * @param patience how long the transactions in flight are waited for
     * @return empty if one of them goes on for longer
     */
    public static <T> Optional<T> read(Connection connection, Duration patience, Time time, Reading<T> reading)
            throws SQLException, InterruptedException {
        // A snapshot's xmax is one past the last transaction that has ended, not past the last that has begun. So we
        // take part.
        long own = number(connection, "SELECT pg_current_xact_id()::text");
        long deadline = time.nanoTime() + patience.toNanos();
        while (true) {
            connection.setAutoCommit(false);
            try {
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                if (number(connection, "SELECT pg_snapshot_xmin(pg_current_snapshot())::text") >= own) {
                    return Optional.of(reading.read());
                }
            } finally {
                connection.rollback();
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                connection.setAutoCommit(true);
            }
            if (time.nanoTime() > deadline) {
                return Optional.empty();
            }
            time.pause(POLL);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
