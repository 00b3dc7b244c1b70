package dev.freshet.ingest.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.ingest.capture.EventReader;
import dev.freshet.ingest.capture.Mapping;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.lifecycle.Quoted;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;

/**
 * Writes a small transaction into the source's WAL at a steady pace, on a thread and a connection of its own: an idle source
 * has a time that goes on, and its slot advances. The message tells what the tables are, so that a change of that is met at its
 * place in the WAL, give or take an interval. Trouble is waited out, but not for long: without it the time of an idle source stands
 * still, and a change of what the tables are is not met at all.
 */
public final class SourceHeartbeat implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SourceHeartbeat.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A slot lets go of WAL only at records that tell which transactions run; PostgreSQL itself writes one in 15 s. */
    private static final long SNAPSHOT_BYTES = 8 << 20;

    private static final String MAY_LOG_SNAPSHOTS =
            "SELECT coalesce(has_function_privilege(to_regprocedure('pg_log_standby_snapshot()'), 'EXECUTE'), false)";

    private final Database source;
    private final String sql;
    private final Duration interval;
    private final Time time;
    private final Thread thread;
    private volatile @Nullable SQLException failure;
    private volatile long lastBeat;

    public SourceHeartbeat(Database source, Mapping mapping, Duration interval, Time time) {
        this.source = source;
        // Transactional: another kind would not be flushed, and so not be sent, before something else is.
        sql = "SELECT pg_logical_emit_message(true, '" + EventReader.MESSAGE_PREFIX + "', "
                + DefinitionsSql.mark(mapping) + ")::text";
        this.interval = interval;
        this.time = time;
        thread = new Thread(this::run, "source-heartbeat");
        thread.setDaemon(true);
    }

    public void start() {
        lastBeat = time.nanoTime();
        thread.start();
    }

    /** @throws Stop.Restart if there has been none for 30 s */
    public void requireBeating() {
        Duration silence = Duration.ofNanos(time.nanoTime() - lastBeat);
        if (silence.compareTo(PATIENCE) > 0) {
            SQLException reason = failure;
            throw new Stop.Restart("the source's heartbeat has failed for " + silence.toSeconds()
                    + " s, and without it an altered table is not noticed: "
                    + (reason == null ? "no answer" : reason.toString()));
        }
    }

    private void run() {
        try {
            while (true) {
                beatUntilFailure();
                time.pause(AFTER_FAILURE);
            }
        } catch (InterruptedException e) {
            log.debug("heartbeat stopped");
        }
    }

    private void beatUntilFailure() throws InterruptedException {
        try (Connection connection = source.open();
                PreparedStatement beat = connection.prepareStatement(sql)) {
            boolean mayLogSnapshots = mayLogSnapshots(connection);
            long snapshotAt = 0;
            while (true) {
                long lsn = beat(beat);
                if (mayLogSnapshots && lsn - snapshotAt > SNAPSHOT_BYTES) {
                    logSnapshot(connection);
                    snapshotAt = lsn;
                }
                lastBeat = time.nanoTime();
                report(null);
                time.pause(interval);
            }
        } catch (SQLException e) {
            report(e);
        }
    }

    private static long beat(PreparedStatement beat) throws SQLException {
        try (ResultSet row = beat.executeQuery()) {
            row.next();
            return LogSequenceNumber.valueOf(row.getString(1)).asLong();
        }
    }

    private static boolean mayLogSnapshots(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(MAY_LOG_SNAPSHOTS)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static void logSnapshot(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_log_standby_snapshot()");
        }
    }

    private void report(@Nullable SQLException outcome) {
        if (outcome != null && failure == null) {
            log.warn("the source's heartbeat fails, and is tried again reason={}", Quoted.of(outcome));
        } else if (outcome == null && failure != null) {
            log.info("the source's heartbeat is back");
        }
        failure = outcome;
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(CLOSING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
