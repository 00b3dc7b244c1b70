package dev.freshet.e2e.path;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postgresql.PGStatement;

import dev.freshet.testkit.servers.Database;

/**
 * Reads the whole table and how complete it is, in one statement, over and over while readers are turned from one generation
 * to another; notes whatever fails, mixes generations, or goes back.
 */
final class SwapReader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    static final String VIEW = "features_of_a_reader";

    private static final String READ = """
            SELECT f.user_id, f.epoch, f.version, f.computed_at, c.generation, (c.lsn - '0/0'::pg_lsn)::bigint AS lsn,
                c.source_time
            FROM user_features AS f CROSS JOIN freshet_complete_through AS c""";

    /** How a reader asks. */
    enum Way {
        PLAIN,
        PREPARED,
        THROUGH_A_VIEW
    }

    private record Seen(int epoch, long version, Instant computedAt) {}

    private final Way way;
    private final Connection connection;
    private final Map<Integer, Integer> generations;
    private final Thread thread;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<String> findings = new ArrayList<>();
    private final Map<Long, Seen> rows = new HashMap<>();
    private Seen last = new Seen(0, 0, Instant.MIN);
    private Instant completeThrough = Instant.MIN;
    private long lsn;
    private int reads;

    /** @param generations by their epochs, as all readers together have seen them; safe for use by many threads */
    SwapReader(Way way, Database database, Map<Integer, Integer> generations) throws SQLException {
        this.way = way;
        this.generations = generations;
        connection = database.connect();
        thread = new Thread(this::read, "reader-" + way);
        thread.start();
    }

    static void createView(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE VIEW " + VIEW + " AS " + READ);
        }
    }

    private void read() {
        String sql = way == Way.THROUGH_A_VIEW ? "SELECT * FROM " + VIEW : READ;
        try (PreparedStatement prepared = connection.prepareStatement(sql);
                Statement plain = connection.createStatement()) {
            prepared.unwrap(PGStatement.class).setPrepareThreshold(1);
            while (!stopped.get() && findings.size() < 20) {
                try (ResultSet row = way == Way.PREPARED ? prepared.executeQuery() : plain.executeQuery(sql)) {
                    note(row);
                }
                reads++;
            }
        } catch (SQLException | RuntimeException | Error e) {
            findings.add("a read failed: " + e);
        }
    }

    private void note(ResultSet row) throws SQLException {
        int epochOfAll = 0;
        while (row.next()) {
            int epoch = row.getInt("epoch");
            if (epochOfAll != 0 && epoch != epochOfAll) {
                findings.add("epochs " + epochOfAll + " and " + epoch + " in one statement");
            }
            epochOfAll = epoch;
            int generation = row.getInt("generation");
            Integer other = generations.putIfAbsent(epoch, generation);
            if (other != null && other != generation) {
                findings.add("rows of epoch " + epoch + ", which is generation " + other
                        + "'s, with how complete generation " + generation + " is");
            }
            noteRow(
                    row.getLong("user_id"),
                    new Seen(
                            epoch,
                            row.getLong("version"),
                            row.getTimestamp("computed_at").toInstant()));
            noteThrough(row.getLong("lsn"), row.getTimestamp("source_time").toInstant());
        }
    }

    private void noteRow(long user, Seen now) {
        if (now.epoch < last.epoch) {
            findings.add("the epoch went back from " + last.epoch + " to " + now.epoch);
        }
        last = now;
        Seen before = rows.put(user, now);
        if (before != null
                && before.epoch == now.epoch
                && (now.version < before.version || now.computedAt.isBefore(before.computedAt))) {
            findings.add("user " + user + " went back from " + before + " to " + now);
        }
    }

    private void noteThrough(long nowLsn, Instant now) {
        if (nowLsn < lsn || now.isBefore(completeThrough)) {
            findings.add("complete through went back from " + completeThrough + " (" + lsn + ") to " + now + " ("
                    + nowLsn + ")");
        }
        lsn = nowLsn;
        completeThrough = now;
    }

    /** Stops reading, and tells what was wrong. */
    List<String> stop() throws InterruptedException {
        stopped.set(true);
        thread.join(PATIENCE.toMillis());
        return thread.isAlive() ? List.of("a read has taken longer than " + PATIENCE) : findings;
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
