package dev.freshet.serving.export;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

import dev.freshet.runtime.config.DatabaseLogin;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;

/** A read-only transaction all of whose statements see the same rows. */
final class Snapshot implements AutoCloseable {
    /** The tables of a large shop, over a slow line. */
    private static final Duration LONGEST_COPY = Duration.ofHours(6);

    /** How many rows are read between two looks at whether to go on. */
    private static final int LOOK = 4_096;

    private final Connection connection;
    private final Interruption interruption;
    private final Interruption.Watched watched;

    private Snapshot(Connection connection, Interruption interruption) {
        this.connection = connection;
        this.interruption = interruption;
        watched = interruption.during(() -> connection.abort(Runnable::run));
    }

    /** @param first run before there is a snapshot: locks that it must not be older than */
    static Snapshot open(DatabaseLogin login, String schema, List<String> first, Interruption interruption)
            throws SQLException {
        Connection connection = new Database(
                        login, schema, "freshet-export", Timeouts.standard().withStatement(LONGEST_COPY))
                .open();
        Snapshot snapshot = new Snapshot(connection, interruption);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET standard_conforming_strings = on");
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            for (String sql : first) {
                statement.execute(sql);
            }
            return snapshot;
        } catch (SQLException | RuntimeException e) {
            snapshot.close();
            throw e;
        }
    }

    /** Takes a row; its fields have to be read, all of them and in their order. */
    interface RowSink {
        void take(BinaryCopy row) throws SQLException;
    }

    /** Takes notice of the rows that have come. */
    interface RowCount {
        void at(long rows);
    }

    /** @return how many rows there were */
    long copy(String query, RowSink sink, RowCount count) throws SQLException {
        CopyOut copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (" + query + ") TO STDOUT (FORMAT binary)");
        BinaryCopy rows = new BinaryCopy(copy);
        long taken = 0;
        while (rows.next()) {
            sink.take(rows);
            if (++taken % LOOK == 0) {
                interruption.check();
                count.at(taken);
            }
        }
        return taken;
    }

    <T> List<T> list(String sql, Duck.RowReader<T> reader) throws SQLException {
        List<T> rows = new java.util.ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.add(reader.read(result));
            }
        }
        return rows;
    }

    @Override
    public void close() throws SQLException {
        watched.close();
        connection.close();
    }
}
