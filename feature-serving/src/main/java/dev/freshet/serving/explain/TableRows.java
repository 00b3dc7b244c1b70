package dev.freshet.serving.explain;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Micros;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.Names;

/** One user's row of user_features, as readers see it, and the versions that it had. */
final class TableRows {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int FIRST_VALUE = 8;

    private static final String COMPLETE_LSN =
            "SELECT (c.lsn - '0/0'::pg_lsn)::bigint FROM " + Names.COMPLETE_THROUGH + " AS c";
    private static final String HAS_HISTORY = "SELECT to_regclass('" + Names.EPOCHS + "') IS NOT NULL AND to_regclass('"
            + Names.HISTORY + "') IS NOT NULL";

    private final Connection connection;
    private final int features;
    private final String now;
    private final String then;

    TableRows(Connection connection, FreshetConfig config) {
        this.connection = connection;
        features = config.catalogue().features().size();
        String idType = config.source().users().idType().sqlName();
        now = """
                SELECT %s, f.version, f.epoch, %s, %s, f.incomplete, f.user_id IS NOT NULL, %s
                FROM %s AS c LEFT JOIN %s AS f ON f.user_id = ?::%s""".formatted(
                        micros("c.source_time"),
                        micros("f.computed_at"),
                        micros("f.exact_until"),
                        values(config, "f"),
                        Names.COMPLETE_THROUGH,
                        Names.VIEW,
                        idType);
        then = """
                SELECT %s, h.version, e.epoch, %s, %s, h.incomplete, h.version IS NOT NULL AND NOT h.removed, %s
                FROM %s AS c
                LEFT JOIN LATERAL (
                    SELECT * FROM %s WHERE live_from <= ?::timestamptz ORDER BY epoch DESC LIMIT 1) AS e ON true
                LEFT JOIN LATERAL (
                    SELECT * FROM %s AS o
                    WHERE o.generation = e.generation AND o.user_id = ?::%s AND o.held_from <= ?::timestamptz
                    ORDER BY o.version DESC, o.held_from DESC LIMIT 1) AS h ON true""".formatted(
                        micros("c.source_time"),
                        micros("h.computed_at"),
                        micros("h.exact_until"),
                        values(config, "h"),
                        Names.COMPLETE_THROUGH,
                        Names.EPOCHS,
                        Names.HISTORY,
                        idType);
    }

    private static String micros(String time) {
        return "(extract(epoch FROM " + time + ") * 1000000)::bigint";
    }

    private static String values(FreshetConfig config, String alias) {
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
            return table(query);
        }
    }

    /** The version that readers saw at an instant by the target's clock; no row if none is known any more. */
    Explanation.Table readThen(Id user, Instant at) throws SQLException {
        if (!isTrue(HAS_HISTORY)) {
            return new Explanation.Table(read(user).completeThrough(), null);
        }
        try (PreparedStatement query = connection.prepareStatement(then)) {
            query.setString(1, at.toString());
            query.setString(2, user.toString());
            query.setString(3, at.toString());
            return table(query);
        }
    }

    private Explanation.Table table(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            if (!row.next()) {
                throw new Stop.Operator(
                        "no generation is complete, so there is nothing to explain yet",
                        "Wait for the first snapshot's end");
            }
            return new Explanation.Table(Micros.toInstant(row.getLong(1)), row.getBoolean(7) ? held(row) : null);
        }
    }

    private HeldRow held(ResultSet row) throws SQLException {
        List<@Nullable String> values = new ArrayList<>(features);
        for (int i = 0; i < features; i++) {
            values.add(row.getString(FIRST_VALUE + i));
        }
        return new HeldRow(
                row.getLong(2),
                row.getInt(3),
                Micros.toInstant(row.getLong(4)),
                instant(row, 5),
                row.getBoolean(6),
                values);
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : Micros.toInstant(micros);
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
