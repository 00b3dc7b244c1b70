package dev.freshet.serving.explain;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Micros;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.Names;

/** One user's row of user_features, as readers see it. */
final class TableRows {
    private static final Duration POLL = Duration.ofMillis(20);

    private static final String COMPLETE_LSN =
            "SELECT (c.lsn - '0/0'::pg_lsn)::bigint FROM " + Names.COMPLETE_THROUGH + " AS c";

    private final Connection connection;
    private final int features;
    private final String now;

    TableRows(Connection connection, FreshetConfig config) {
        this.connection = connection;
        features = config.catalogue().features().size();
        String idType = config.source().users().idType().sqlName();
        // In the order in which a swap replaces the views: else each would wait for the other.
        now = """
                SELECT %s, f.version, f.epoch, %s, %s, f.incomplete, f.user_id IS NOT NULL, %s
                FROM %s AS f RIGHT JOIN %s AS c ON f.user_id = ?::%s""".formatted(
                        micros("c.source_time"),
                        micros("f.computed_at"),
                        micros("f.exact_until"),
                        values(config, "f"),
                        Names.VIEW,
                        Names.COMPLETE_THROUGH,
                        idType);
    }

    /** A time in epoch microseconds. */
    static String micros(String time) {
        return "(extract(epoch FROM " + time + ") * 1000000)::bigint";
    }

    /** The features as PostgreSQL prints them. */
    static String values(FreshetConfig config, String alias) {
        return config.catalogue().features().stream()
                .map(feature -> alias + ".\"" + feature.name() + "\"::text")
                .collect(joining(", "));
    }

    /** @throws Stop.Operator if there is no table that readers could see */
    void requireComplete() throws SQLException {
        if (!isTrue("SELECT to_regclass('" + Names.COMPLETE_THROUGH + "') IS NOT NULL")) {
            throw new Stop.Operator(
                    "the target has no " + Names.COMPLETE_THROUGH,
                    "Look at target.url and target.schema, or wait for the first snapshot");
        }
    }

    /** The row, with how complete the table is, in one statement. */
    Explanation.Table read(Id user) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(now)) {
            query.setString(1, user.toString());
            try (ResultSet row = query.executeQuery()) {
                requireComplete(row);
                return new Explanation.Table(
                        Micros.toInstant(row.getLong(1)), row.getBoolean(7) ? HeldRow.read(row, features) : null);
            }
        }
    }

    /** Moves on to the first row, which is there as soon as a generation is live. */
    static void requireComplete(ResultSet row) throws SQLException {
        if (!row.next()) {
            throw new Stop.Operator(
                    "no generation is complete, so there is nothing to explain yet",
                    "Wait for the first snapshot's end");
        }
    }

    /** Waits until the table has all that committed before this LSN; false if it has not by then. */
    boolean awaitPast(long lsn, Time time, long deadline) throws SQLException, InterruptedException {
        while (completeLsn() < lsn) {
            if (time.nanoTime() > deadline) {
                return false;
            }
            time.pause(POLL);
        }
        return true;
    }

    private long completeLsn() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(COMPLETE_LSN)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private boolean isTrue(String question) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
