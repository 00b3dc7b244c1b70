package dev.freshet.e2e.bench;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import dev.freshet.runtime.time.Time;

/**
 * Changes at a steady rate: several connections, each with orders of its own, several rows in a commit; most are updates, and
 * as many orders come as go. A writer that falls behind makes up for it.
 */
final class Load implements AutoCloseable {
    static final int WRITERS = 4;
    static final int ROWS_PER_COMMIT = 10;

    /** Of so many commits one inserts, and one deletes what was inserted. */
    private static final int ROUND = 10;

    private static final String UPDATE = "UPDATE orders SET total = total + 1 WHERE id = ANY (?)";
    private static final String INSERT =
            "INSERT INTO orders (user_id, total) SELECT id, 9.99 FROM unnest(?) AS id RETURNING id";
    private static final String DELETE = "DELETE FROM orders WHERE id = ANY (?)";

    private final Trial trial;
    private final Time time;
    private final long pauseNanos;
    private final long began;
    private final AtomicLong changes = new AtomicLong();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final List<Thread> writers = new ArrayList<>();
    private volatile boolean stopped;

    /** @param rate rows changed per second, by all writers together */
    Load(Trial trial, int rate) {
        this.trial = trial;
        time = trial.bed().time();
        pauseNanos = Duration.ofSeconds(1).toNanos() * WRITERS * ROWS_PER_COMMIT / rate;
        began = time.nanoTime();
        for (int i = 0; i < WRITERS; i++) {
            int writer = i;
            Thread thread = new Thread(() -> write(writer), "load-" + writer);
            writers.add(thread);
            thread.start();
        }
    }

    private void write(int writer) {
        SplittableRandom random = new SplittableRandom(writer);
        try (Connection connection = trial.database().connect();
                PreparedStatement update = connection.prepareStatement(UPDATE);
                PreparedStatement insert = connection.prepareStatement(INSERT);
                PreparedStatement delete = connection.prepareStatement(DELETE)) {
            Object[] inserted = {};
            long next = began + pauseNanos * writer / WRITERS;
            for (int commit = 0; !stopped; commit++) {
                time.pause(Duration.ofNanos(next - time.nanoTime()));
                next += pauseNanos;
                if (commit % ROUND == ROUND - 2) {
                    inserted = insert(connection, insert, random);
                } else if (commit % ROUND == ROUND - 1) {
                    changed(connection, delete, inserted);
                } else {
                    changed(connection, update, orders(writer, random));
                }
            }
        } catch (SQLException | InterruptedException | RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    /** Of this writer alone: two would wait for each other's rows. */
    private Object[] orders(int writer, SplittableRandom random) {
        int each = trial.options().orders() / WRITERS;
        return random.longs(ROWS_PER_COMMIT, 0, each)
                .map(order -> 1 + order * WRITERS + writer)
                .boxed()
                .toArray();
    }

    private Object[] insert(Connection connection, PreparedStatement insert, SplittableRandom random)
            throws SQLException {
        int users = trial.options().users() - trial.options().silentUsers();
        Object[] of = random.longs(ROWS_PER_COMMIT, 1, users + 1L).boxed().toArray();
        List<Object> ids = new ArrayList<>();
        Array array = connection.createArrayOf("bigint", of);
        insert.setArray(1, array);
        try (ResultSet rows = insert.executeQuery()) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        changes.addAndGet(ids.size());
        return ids.toArray();
    }

    private void changed(Connection connection, PreparedStatement statement, Object[] ids) throws SQLException {
        statement.setArray(1, connection.createArrayOf("bigint", ids));
        changes.addAndGet(statement.executeUpdate());
    }

    /** Rows changed per second since it began. */
    double rate() {
        return changes.get() * 1e9 / (time.nanoTime() - began);
    }

    /** What made a writer end. */
    void requireNoFailure() throws Exception {
        Exception found = failure.get();
        if (found != null) {
            throw found;
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        for (Thread writer : writers) {
            writer.join();
        }
    }
}
