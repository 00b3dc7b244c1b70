package dev.freshet.cli.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;

/**
 * Measures what a reader sees: commits an order of a user of its own, and asks user_features for that user until the order
 * is counted; then deletes it and waits until it is not. From the return of the commit to the return of the first query
 * that shows it, with a millisecond between queries.
 */
final class Freshness {
    private static final int KEPT = 1_000;
    private static final Duration BETWEEN_QUERIES = Duration.ofMillis(1);
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(50);
    private static final String EMAIL = Shop.PROBE_EMAIL.formatted(1);

    private final Database database;
    private final Tally tally;
    private final Time time;
    private final Latencies latencies = new Latencies(KEPT);

    Freshness(Database database, Tally tally, Time time) {
        this.database = database;
        this.tally = tally;
        this.time = time;
    }

    Latencies latencies() {
        return latencies;
    }

    Worker worker() {
        return new Worker("demo-freshness", this::run);
    }

    private void run(Worker worker) throws SQLException, InterruptedException {
        try (Connection connection = database.open();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO orders (user_id, total) VALUES (?, 1)");
                PreparedStatement delete = connection.prepareStatement("DELETE FROM orders WHERE user_id = ?");
                PreparedStatement look = connection.prepareStatement(
                        "SELECT order_count_7d FROM " + Names.VIEW + " WHERE user_id = ?")) {
            long user = user(connection);
            for (PreparedStatement statement : new PreparedStatement[] {insert, delete, look}) {
                statement.setLong(1, user);
            }
            // What a killed run left behind.
            tally.add(delete.executeUpdate());
            awaitCount(look, 0, worker);
            while (!worker.isStopping()) {
                probe(insert, look, 1, worker);
                probe(delete, look, 0, worker);
            }
        }
    }

    private void probe(PreparedStatement change, PreparedStatement look, int expected, Worker worker)
            throws SQLException, InterruptedException {
        tally.add(change.executeUpdate());
        long committed = time.nanoTime();
        if (awaitCount(look, expected, worker)) {
            latencies.record(Duration.ofNanos(time.nanoTime() - committed));
            time.pause(BETWEEN_PROBES);
        }
    }

    /** False when the worker was stopped first. */
    private boolean awaitCount(PreparedStatement look, int expected, Worker worker)
            throws SQLException, InterruptedException {
        while (!worker.isStopping()) {
            try (ResultSet row = look.executeQuery()) {
                if (row.next() && row.getInt(1) == expected) {
                    return true;
                }
            }
            time.pause(BETWEEN_QUERIES);
        }
        return false;
    }

    private static long user(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO users (email) VALUES ('" + EMAIL + "') ON CONFLICT DO NOTHING");
            try (ResultSet row = statement.executeQuery("SELECT id FROM users WHERE email = '" + EMAIL + "'")) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
