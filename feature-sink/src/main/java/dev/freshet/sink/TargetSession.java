package dev.freshet.sink;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.jdbc.Database;

/** One connection to the target, opened when it is needed and given up when it fails. */
final class TargetSession implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TargetSession.class);

    /** Makes a new connection fit for use. */
    interface Preparation {
        void run(Connection connection) throws SQLException;
    }

    private final Database target;
    private final Preparation preparation;
    private @Nullable Connection open;

    TargetSession(Database target, Preparation preparation) {
        this.target = target;
        this.preparation = preparation;
    }

    Connection connection() throws SQLException {
        Connection connection = open;
        if (connection == null) {
            connection = target.open();
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
