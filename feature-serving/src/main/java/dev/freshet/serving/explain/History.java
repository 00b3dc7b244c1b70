package dev.freshet.serving.explain;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.time.Micros;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.Names;

/** What readers saw of a user at an instant by the target's clock, as far as that is still kept. */
final class History {
    private static final String TABLES =
            "SELECT num_nonnulls(to_regclass('" + Names.EPOCHS + "'), to_regclass('" + Names.HISTORY + "'))";

    /** The beginning of the oldest day that there is; the end of time if there is none. */
    private static final String BEGINNING = """
            SELECT coalesce(min((extract(epoch FROM to_date(right(c.relname, 8), 'YYYYMMDD')) * 1000000)::bigint), %d)
            FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
            WHERE i.inhparent = to_regclass('%s') AND c.relname ~ '_d[0-9]{8}$'""".formatted(Long.MAX_VALUE, Names.HISTORY);

    private final Connection connection;
    private final FreshetConfig config;
    private final int features;
    private final String idType;
    private final String version;

    History(Connection connection, FreshetConfig config) {
        this.connection = connection;
        this.config = config;
        features = config.catalogue().features().size();
        idType = config.source().users().idType().sqlName();
        version = """
                SELECT %s, h.version, e.epoch, %s, %s, h.incomplete, h.version IS NOT NULL AND NOT h.removed, %s,
                    h.version IS NOT NULL, e.generation, %s, coalesce(g.state <> 'dropped', false)
                FROM %s AS c
                LEFT JOIN LATERAL (
                    SELECT * FROM %s WHERE live_from <= ?::timestamptz ORDER BY epoch DESC LIMIT 1) AS e ON true
                LEFT JOIN %s AS g ON g.generation = e.generation
                LEFT JOIN LATERAL (
                    SELECT * FROM %s AS o
                    WHERE o.generation = e.generation AND o.user_id = ?::%s AND o.held_from <= ?::timestamptz
                    ORDER BY o.version DESC, o.held_from DESC LIMIT 1) AS h ON true""".formatted(
                        TableRows.micros("c.source_time"),
                        TableRows.micros("h.computed_at"),
                        TableRows.micros("h.exact_until"),
                        TableRows.values(config, "h"),
                        TableRows.micros("g.created_at"),
                        Names.COMPLETE_THROUGH,
                        Names.EPOCHS,
                        Names.GENERATIONS,
                        Names.HISTORY,
                        idType);
    }

    /**
     * What is known of it.
     *
     * @param table with the row that was held; none if there was none, or it is not kept
     * @param isKept false if what would tell was dropped
     */
    record Past(Explanation.Table table, boolean isKept) {}

    /**
     * The generation that readers saw.
     *
     * @param begun when its table was empty, in epoch microseconds
     * @param hasTable false once that was dropped
     */
    private record Live(int generation, int epoch, long begun, boolean hasTable) {}

    /** @throws dev.freshet.runtime.lifecycle.Stop.Operator if no generation is complete */
    Past read(Id user, Instant at) throws SQLException {
        if (number(TABLES) < 2) {
            Explanation.Table now = new TableRows(connection, config).read(user);
            return new Past(new Explanation.Table(now.completeThrough(), null), false);
        }
        try (PreparedStatement query = connection.prepareStatement(version)) {
            query.setString(1, at.toString());
            query.setString(2, user.toString());
            query.setString(3, at.toString());
            try (ResultSet row = query.executeQuery()) {
                TableRows.requireComplete(row);
                Explanation.Table table = new Explanation.Table(
                        Micros.toInstant(row.getLong(1)), row.getBoolean(7) ? HeldRow.read(row, features) : null);
                int rest = HeldRow.FIRST_VALUE + features;
                boolean hasVersion = row.getBoolean(rest);
                int generation = row.getInt(rest + 1);
                if (hasVersion || generation == 0) {
                    // Or readers saw no table yet.
                    return new Past(table, true);
                }
                return withoutVersion(
                        user,
                        Micros.of(at),
                        table,
                        new Live(generation, row.getInt(3), row.getLong(rest + 2), row.getBoolean(rest + 3)));
            }
        }
    }

    /** Of an instant before all versions of the user that are kept. */
    private Past withoutVersion(Id user, long at, Explanation.Table table, Live live) throws SQLException {
        @Nullable HeldRow row = live.hasTable() ? unwritten(user, live) : null;
        // Asked for last: days that are dropped meanwhile make it later, and less known.
        long beginning = number(BEGINNING);
        if (live.begun() >= beginning) {
            return new Past(table, true);
        }
        return at < beginning || row == null || Micros.of(row.computedAt()) > beginning
                ? new Past(table, false)
                : new Past(new Explanation.Table(table.completeThrough(), row), true);
    }

    /**
     * The row of the table, if the history does not know the user: it was written before that begins, and not since, for all that was
     * since is in it.
     */
    private @Nullable HeldRow unwritten(Id user, Live live) throws SQLException {
        // By way of JSON: a feature that is newer than the table is no column of it.
        String values = config.catalogue().features().stream()
                .map(feature -> "to_jsonb(f) ->> '" + feature.name() + "'")
                .collect(joining(", "));
        String sql = """
                SELECT NULL, f.version, %d, %s, %s, f.incomplete, true, %s FROM %s AS f WHERE f.user_id = ?::%s
                AND NOT EXISTS (SELECT FROM %s AS h WHERE h.generation = %d AND h.user_id = f.user_id)""".formatted(
                        live.epoch(),
                        TableRows.micros("f.computed_at"),
                        TableRows.micros("f.exact_until"),
                        values,
                        config.names().table(live.generation()),
                        idType,
                        Names.HISTORY,
                        live.generation());
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, user.toString());
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? HeldRow.read(row, features) : null;
            }
        }
    }

    private long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
