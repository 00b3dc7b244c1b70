package dev.freshet.runtime.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection that is kept: opened when it is needed, given up when it fails. A login costs the server and the client
 * milliseconds of CPU time each. Not safe for use by several threads.
 */
public final class DatabaseSession implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DatabaseSession.class);

    /** Makes a new connection fit for use. */
    @FunctionalInterface
    public interface Preparation {
        void run(Connection connection) throws SQLException;
    }

    private final Database database;
    private final Preparation preparation;
    private @Nullable Connection open;

    public DatabaseSession(Database database, Preparation preparation) {
        this.database = database;
        this.preparation = preparation;
    }

    /** The connection, ready for use; it stays open. */
    public Connection connection() throws SQLException {
        Connection connection = open;
        if (connection == null) {
            connection = database.open();
            try {
                preparation.run(connection);
            } catch (SQLException | RuntimeException e) {
                close(connection);
                throw e;
            }
            open = connection;
        }
        return connection;
    }

    /** The next call of {@link #connection} opens a new one. */
    @Override
    public void close() {
        Connection connection = open;
        open = null;
        if (connection != null) {
            close(connection);
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            log.debug("could not close a connection", e);
        }
    }
}
