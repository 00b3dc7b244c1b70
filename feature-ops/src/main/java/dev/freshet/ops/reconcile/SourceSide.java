package dev.freshet.ops.reconcile;

import static dev.freshet.runtime.source.SourceTables.quoted;
import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

import dev.freshet.ops.reconcile.Rows.TruthRow;
import dev.freshet.ops.truth.TruthFunction;
import dev.freshet.runtime.jdbc.SettledSnapshot;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.source.SourceTables;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.catalogue.Catalogue;

/** The source's side: the truth for some users, each at an instant of its own. */
final class SourceSide {
    private final Connection connection;
    private final SourceTables tables;
    private final String id;
    private final String idType;
    private final int features;
    private final Time time;
    private final LostReads lostReads;
    private final String truth;

    SourceSide(Connection connection, SourceTables tables, Catalogue catalogue, Time time) {
        this.connection = connection;
        this.tables = tables;
        this.time = time;
        lostReads = new LostReads("reading the truth", time);
        id = quoted(tables.users().id());
        idType = tables.users().idType().sqlName();
        features = catalogue.features().size();
        truth = """
                WITH instants AS MATERIALIZED (
                    SELECT u.%1$s AS user_id, a.t, u.xmin::text AS born
                    FROM unnest(?::%2$s[], ?::timestamptz[]) AS a (user_id, t) JOIN %3$s AS u ON u.%1$s = a.user_id),
                t AS (
                    %4$s)
                SELECT i.user_id::text, i.born, %5$s FROM instants AS i JOIN t USING (user_id)""".formatted(
                        id,
                        idType,
                        tables.users().table().sql(),
                        new TruthFunction(tables, catalogue).sqlAtEach("instants"),
                        catalogue.features().stream()
                                .map(feature -> "t." + quoted(feature.name()) + "::text")
                                .collect(joining(", ")));
    }

    /** @throws Stop.Operator if the role may not read the tables' schemas, or tell a user who came back from one who stayed */
    void requireRights() throws SQLException {
        requireRights(tables.orders().table(), false);
        requireRights(tables.users().table(), true);
    }

    /** By the table's oid: its name alone is refused where the schema is. */
    private void requireRights(SourceTables.TableName table, boolean xmin) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT has_schema_privilege(n.oid, 'USAGE'), has_column_privilege(c.oid, 'xmin', 'SELECT'),
                  quote_ident(current_user)
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relname = ?""")) {
            query.setString(1, table.schema());
            query.setString(2, table.name());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new Stop.Operator(
                            "there is no table " + table.sql() + " in the source", "Set its name in the configuration");
                }
                String role = row.getString(3);
                if (!row.getBoolean(1)) {
                    throw new Stop.Operator(
                            "the source's role may not use schema " + table.schema() + ", where " + table.sql() + " is",
                            "GRANT USAGE ON SCHEMA " + quoted(table.schema()) + " TO " + role + ";");
                }
                if (xmin && !row.getBoolean(2)) {
                    throw new Stop.Operator(
                            "the source's role may not read xmin of " + table.sql()
                                    + ", which tells a user who was deleted and came back from one who stayed",
                            "GRANT SELECT (xmin) ON " + table.sql() + " TO " + role + ";");
                }
            }
        }
    }

    /** The next users in the source's own order. */
    List<String> usersAfter(@Nullable String last, int limit) throws SQLException, InterruptedException {
        return lostReads.again(
                () -> Keyset.after(connection, tables.users().table().sql(), id, idType, last, limit));
    }

    /** Which of these users there are. */
    Set<String> existing(Collection<String> users) throws SQLException, InterruptedException {
        return lostReads.again(() -> readExisting(users));
    }

    private Set<String> readExisting(Collection<String> users) throws SQLException {
        Set<String> found = new HashSet<>();
        try (PreparedStatement query =
                connection.prepareStatement("SELECT u.%1$s::text FROM %2$s AS u WHERE u.%1$s = ANY (?::%3$s[])"
                        .formatted(id, tables.users().table().sql(), idType))) {
            query.setArray(1, connection.createArrayOf(idType, users.toArray()));
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
        }
        return found;
    }

    /** The truth for those of the users that exist, by user. */
    Map<String, TruthRow> truth(Map<String, String> instants) throws SQLException, InterruptedException {
        return lostReads.again(() -> readTruth(instants));
    }

    /**
     * The same in one snapshot in which every transaction is decided that was in flight at the call; empty if one of them goes on
     * for too long.
     */
    Optional<Map<String, TruthRow>> truthPastAllInFlight(Map<String, String> instants, Duration patience)
            throws SQLException, InterruptedException {
        return lostReads.again(() -> SettledSnapshot.read(connection, patience, time, () -> readTruth(instants)));
    }

    private Map<String, TruthRow> readTruth(Map<String, String> instants) throws SQLException {
        List<String> users = new ArrayList<>(instants.keySet());
        Map<String, TruthRow> found = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(truth)) {
            query.setArray(1, connection.createArrayOf(idType, users.toArray()));
            query.setArray(
                    2,
                    connection.createArrayOf(
                            "timestamptz", users.stream().map(instants::get).toArray()));
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    List<@Nullable String> values = new ArrayList<>(features);
                    for (int i = 0; i < features; i++) {
                        values.add(rows.getString(3 + i));
                    }
                    found.put(rows.getString(1), new TruthRow(rows.getString(2), values));
                }
            }
        }
        return found;
    }

    /** Every transaction that anybody can see by now has committed before it. */
    long end() throws SQLException {
        // Not what is written: with synchronous_commit off a commit is seen before its record leaves the buffers.
        return number("SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint");
    }

    /** Whether an index leads to the orders of a user: without one, every chunk reads all orders. */
    boolean hasIndex() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
                WHERE i.indrelid = ?::regclass AND i.indisvalid AND i.indpred IS NULL AND a.attname = ?)""")) {
            query.setString(1, tables.orders().table().sql());
            query.setString(2, tables.orders().user());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
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
