package dev.freshet.e2e.path;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.freshet.testkit.servers.Database;

/** Reads the whole table over and over, and notes whatever went back since the last time. */
final class WatchingReader implements AutoCloseable {
    private record Seen(long version, Instant computedAt) {}

    private final Connection connection;
    private final Thread thread = new Thread(this::watch, "watching-reader");
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<String> findings = new ArrayList<>();
    private final Map<Long, Seen> rows = new HashMap<>();
    private Instant completeThrough = Instant.MIN;
    private int reads;

    WatchingReader(Database database) throws SQLException {
        connection = database.connect();
        thread.start();
    }

    private void watch() {
        try (Statement statement = connection.createStatement()) {
            while (!stopped.get() && findings.size() < 20) {
                read(statement);
            }
        } catch (SQLException | RuntimeException | Error e) {
            findings.add("a read failed: " + e);
        }
    }

    private void read(Statement statement) throws SQLException {
        if (!Truth.hasView(connection)) {
            return;
        }
        try (ResultSet row = statement.executeQuery(
                "SELECT user_id, version, computed_at, source_time FROM user_features, freshet_complete_through")) {
            while (row.next()) {
                note(row);
            }
        }
        reads++;
    }

    private void note(ResultSet row) throws SQLException {
        long user = row.getLong(1);
        Seen now = new Seen(row.getLong(2), row.getTimestamp(3).toInstant());
        Seen before = rows.put(user, now);
        if (before != null && (now.version < before.version || now.computedAt.isBefore(before.computedAt))) {
            findings.add("user " + user + " went back from " + before + " to " + now);
        }
        Instant through = row.getTimestamp(4).toInstant();
        if (through.isBefore(completeThrough)) {
            findings.add("complete_through went back from " + completeThrough + " to " + through);
        }
        completeThrough = through;
    }

    /** Stops reading, and tells what went back; {@link #reads} says how often there was something to see. */
    List<String> stop() throws InterruptedException {
        stopped.set(true);
        thread.join();
        return findings;
    }

    int reads() {
        return reads;
    }

    @Override
    public void close() throws SQLException {
        stopped.set(true);
        connection.close();
    }
}
