package dev.freshet.ingest.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.time.Time;

/**
 * An advisory lock in the source's database, held by one connection: its holder is the one ingest of a deployment, and others
 * wait for it. It keeps them from disturbing each other; that no change is written twice rests on the fencing of the
 * transactional producer, not on this.
 */
public final class LeaderLock {
    private static final Logger log = LoggerFactory.getLogger(LeaderLock.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private LeaderLock() {}

    /**
     * Returns when this connection's session holds the lock of the deployment; it does until it ends.
     *
     * @param silence as for {@link #releaseWhenSilent}
     */
    public static void acquire(Connection connection, String deployment, Duration silence, Time time)
            throws SQLException, InterruptedException {
        releaseWhenSilent(connection, silence);
        boolean waiting = false;
        while (!tryAcquire(connection, deployment)) {
            if (!waiting) {
                log.info("standing by, another ingest holds the lock deployment={}", deployment);
                waiting = true;
            }
            time.pause(RETRY);
        }
        log.info("leading deployment={}", deployment);
    }

    /**
     * From here on the session, and the lock with it, ends when nothing was asked for so long: its holder is frozen or cut
     * off, and another one may lead.
     */
    public static void releaseWhenSilent(Connection connection, Duration silence) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // An older server does not know it, and the preflight refuses that server.
            statement.execute("SELECT set_config(name, '" + silence.toMillis()
                    + "', false) FROM pg_settings WHERE name = 'idle_session_timeout'");
        }
    }

    /** Asks for something, so that the session is not taken for silent. */
    public static void stillHere(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT");
        }
    }

    private static boolean tryAcquire(Connection connection, String deployment) throws SQLException {
        String sql = "SELECT pg_try_advisory_lock(hashtextextended('freshet.ingest.' || ?, 0))";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, deployment);
            ResultSet row = statement.executeQuery();
            row.next();
            return row.getBoolean(1);
        }
    }
}
