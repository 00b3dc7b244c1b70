package dev.freshet.runtime.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.PGProperty;

import dev.freshet.runtime.config.DatabaseLogin;

/** A database that connections are opened to; each of them can be told by its application name and gives up in time. */
public final class Database {
    /** The driver sets the session's time zone to the JVM's, which would decide what day a timestamp is on. */
    public static final String SESSION = "SET TIME ZONE 'UTC'";

    private final DatabaseLogin login;
    private final String schema;
    private final String applicationName;
    private final Timeouts timeouts;

    /**
     * @param schema where unqualified names are looked up and tables are created
     * @param applicationName as it stands in pg_stat_activity
     */
    public Database(DatabaseLogin login, String schema, String applicationName, Timeouts timeouts) {
        this.login = login;
        this.schema = schema;
        this.applicationName = applicationName;
        this.timeouts = timeouts;
    }

    /** A new connection, in auto-commit mode; the caller closes it. What its URL sets wins over what is set here. */
    public Connection open() throws SQLException {
        Connection connection = connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute(SESSION);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private Connection connect() throws SQLException {
        try {
            return DriverManager.getConnection(login.url(), properties());
        } catch (SQLException e) {
            // There are two databases, and the driver does not say which of them it was.
            throw new SQLException("cannot connect to " + login + ": " + e.getMessage(), e.getSQLState(), e);
        }
    }

    /** For a pool, whose connections have to run {@link #SESSION} first. */
    public Properties properties() {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, login.user());
        if (login.password().isPresent()) {
            PGProperty.PASSWORD.set(properties, login.password().reveal());
        }
        PGProperty.CURRENT_SCHEMA.set(properties, '"' + schema.replace("\"", "\"\"") + '"');
        PGProperty.APPLICATION_NAME.set(properties, applicationName);
        PGProperty.CONNECT_TIMEOUT.set(properties, (int) timeouts.connect().toSeconds());
        PGProperty.LOGIN_TIMEOUT.set(properties, (int) timeouts.connect().toSeconds());
        PGProperty.SOCKET_TIMEOUT.set(properties, (int) timeouts.socket().toSeconds());
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        // Few statements, each of them used all the time: the server should parse them once.
        PGProperty.PREPARE_THRESHOLD.set(properties, 1);
        PGProperty.OPTIONS.set(
                properties,
                option("statement_timeout", timeouts.statement())
                        + option("lock_timeout", timeouts.lock())
                        + option("idle_in_transaction_session_timeout", timeouts.idleTransaction()));
        return properties;
    }

    private static String option(String name, Duration value) {
        return "-c " + name + "=" + value.toMillis() + " ";
    }

    @Override
    public String toString() {
        return login + " schema " + schema;
    }
}
