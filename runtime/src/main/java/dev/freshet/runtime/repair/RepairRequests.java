package dev.freshet.runtime.repair;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import dev.freshet.runtime.jdbc.Transaction;
import dev.freshet.schemas.Names;

/**
 * The register of requests, over one connection to the target: somebody asks that all that a change log has of a user be replaced
 * by what the source has, or, of a user whom the source does not have, be ended; and the ingest that writes this log says when that
 * is done.
 */
public final class RepairRequests {
    private static final String OUTDATED = "7 days";

    private final Connection connection;

    /** @param user as PostgreSQL prints its id */
    public record Request(long id, String user) {}

    /**
     * To end all that a log has of a user.
     *
     * @param user as PostgreSQL prints its id
     * @param keys of the rows that the log has of the user, as they stand there
     */
    public record Erasure(long id, String user, List<byte[]> keys) {
        public Erasure {
            keys = List.copyOf(keys);
        }
    }

    /**
     * What became of some requests.
     *
     * @param open not answered yet
     * @param done answered
     * @param through once the table is complete through this LSN, as a number, the answers are in it; 0 for none
     * @param refusals why others will not be answered
     */
    public record Outcome(int open, int done, long through, List<String> refusals) {}

    public RepairRequests(Connection connection) {
        this.connection = connection;
    }

    /** Creates the register if it is missing. Safe to run by many at once. */
    public void createTable() throws SQLException {
        Transaction.ofDdl(connection, statement -> {
            statement.execute("""
                    CREATE TABLE IF NOT EXISTS %s (
                        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                        log int NOT NULL,
                        user_id text NOT NULL,
                        state text NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'done', 'refused')),
                        tries int NOT NULL DEFAULT 0,
                        asked_at timestamptz NOT NULL DEFAULT now(),
                        done_at timestamptz,
                        through pg_lsn,
                        note text NOT NULL DEFAULT '',
                        keys bytea[]
                    )""".formatted(Names.REPAIRS));
            if (!hasKeys(statement)) {
                statement.execute("ALTER TABLE " + Names.REPAIRS + " ADD COLUMN keys bytea[]"); // of an older version
            }
            return statement.execute(
                    "CREATE INDEX IF NOT EXISTS %1$s_asked ON %1$s (log, tries, id) WHERE state = 'asked'"
                            .formatted(Names.REPAIRS));
        });
    }

    private static boolean hasKeys(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid ="
                + " to_regclass('" + Names.REPAIRS + "') AND attname = 'keys' AND NOT attisdropped)")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /**
     * Asks for these users, and forgets what was answered a week ago.
     *
     * @param log number of the change log
     * @param note who asks
     */
    public List<Long> ask(int log, Collection<String> users, String note) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM " + Names.REPAIRS
                    + " WHERE state <> 'asked' AND done_at < now() - interval '" + OUTDATED + "'");
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + Names.REPAIRS
                + " (log, user_id, note) SELECT ?, u, ? FROM unnest(?) AS u RETURNING id")) {
            insert.setInt(1, log);
            insert.setString(2, note);
            insert.setArray(3, connection.createArrayOf("text", users.toArray()));
            List<Long> ids = new ArrayList<>();
            try (ResultSet rows = insert.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getLong(1));
                }
            }
            return ids;
        }
    }

    /**
     * Asks that all that the log has of a user be ended.
     *
     * @param log number of the change log
     * @param keys of the rows that it has of the user
     */
    public long askErasure(int log, String user, List<byte[]> keys) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO " + Names.REPAIRS + " (log, user_id, keys) VALUES (?, ?, ?) RETURNING id")) {
            insert.setInt(1, log);
            insert.setString(2, user);
            insert.setArray(3, connection.createArrayOf("bytea", keys.toArray(new byte[0][])));
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** The erasure that waits for an answer and was tried least often, of these the oldest. */
    public Optional<Erasure> openErasure(int log) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT id, user_id, keys FROM " + Names.REPAIRS
                + " WHERE log = ? AND state = 'asked' AND keys IS NOT NULL ORDER BY tries, id LIMIT 1")) {
            query.setInt(1, log);
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(new Erasure(row.getLong(1), row.getString(2), List.of((byte[][])
                                row.getArray(3).getArray())))
                        : Optional.empty();
            }
        }
    }

    /** What became of these. */
    public Outcome outcome(Collection<Long> ids) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT count(*) FILTER (WHERE state = 'asked'), count(*) FILTER (WHERE state = 'done'),
                    coalesce((max(through) - '0/0'::pg_lsn)::bigint, 0),
                    coalesce(array_agg('user ' || user_id || ': ' || note ORDER BY id) FILTER (WHERE state = 'refused'), '{}')
                FROM %s WHERE id = ANY (?)""".formatted(Names.REPAIRS))) {
            query.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            try (ResultSet row = query.executeQuery()) {
                row.next();
                String[] refusals = (String[]) row.getArray(4).getArray();
                return new Outcome(row.getInt(1), row.getInt(2), row.getLong(3), List.of(refusals));
            }
        }
    }

    /** Takes back those that are not answered. */
    public void withdraw(Collection<Long> ids) throws SQLException {
        update("DELETE FROM " + Names.REPAIRS + " WHERE state = 'asked' AND id = ANY (?)", ids);
    }

    /** Those for a change log that is no more, if there is a register. */
    public void forget(int log) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT to_regclass('" + Names.REPAIRS + "') IS NOT NULL")) {
            row.next();
            if (row.getBoolean(1)) {
                statement.execute("DELETE FROM " + Names.REPAIRS + " WHERE log = " + log);
            }
        }
    }

    /** The next that wait for an answer: those that were tried least often, and of these the oldest. */
    public List<Request> open(int log, int limit) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT id, user_id FROM " + Names.REPAIRS
                + " WHERE log = ? AND state = 'asked' AND keys IS NULL ORDER BY tries, id LIMIT ?")) {
            query.setInt(1, log);
            query.setInt(2, limit);
            try (ResultSet rows = query.executeQuery()) {
                List<Request> requests = new ArrayList<>();
                while (rows.next()) {
                    requests.add(new Request(rows.getLong(1), rows.getString(2)));
                }
                return requests;
            }
        }
    }

    /** These were tried in vain, and wait on. */
    public void tried(Collection<Long> ids) throws SQLException {
        update("UPDATE " + Names.REPAIRS + " SET tries = tries + 1 WHERE id = ANY (?)", ids);
    }

    /** These are answered. */
    public void done(Collection<Long> ids, long through) throws SQLException {
        update(
                "UPDATE " + Names.REPAIRS + " SET state = 'done', done_at = now(), through = '0/0'::pg_lsn + " + through
                        + " WHERE id = ANY (?)",
                ids);
    }

    /** This one will not be answered. */
    public void refused(long id, String why) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE " + Names.REPAIRS + " SET state = 'refused', done_at = now(), note = ? WHERE id = ?")) {
            update.setString(1, why);
            update.setLong(2, id);
            update.executeUpdate();
        }
    }

    private void update(String sql, Collection<Long> ids) throws SQLException {
        if (ids.isEmpty()) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            update.executeUpdate();
        }
    }
}
