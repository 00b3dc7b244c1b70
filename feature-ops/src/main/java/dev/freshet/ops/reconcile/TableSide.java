package dev.freshet.ops.reconcile;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

import dev.freshet.ops.reconcile.Rows.Build;
import dev.freshet.ops.reconcile.Rows.TablePart;
import dev.freshet.ops.reconcile.Rows.TableRow;
import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.catalogue.Catalogue;

/** The target's side: rows of user_features and freshet_complete_through, as readers see them. */
final class TableSide {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int FIRST_VALUE = 11;

    private final Connection connection;
    private final String idType;
    private final int features;
    private final Time time;
    private final LostReads lostReads;
    private final String part;

    TableSide(Connection connection, IdType idType, Catalogue catalogue, Time time) {
        this.connection = connection;
        this.idType = idType.sqlName();
        this.time = time;
        lostReads = new LostReads("reading the table", time);
        features = catalogue.features().size();
        // The views are named in the order in which a swap locks them: else each would wait for the other.
        part = """
                SELECT c.generation, (SELECT g.epoch FROM %1$s AS g WHERE g.generation = c.generation),
                    (c.lsn - '0/0'::pg_lsn)::bigint, c.source_time::text, f.user_id::text, f.version, f.incomplete,
                    greatest(f.computed_at, least(c.source_time, f.exact_until - interval '1 microsecond'))::text,
                    f.exact_until::text, coalesce(f.exact_until <= c.source_time, false), %2$s
                FROM %4$s AS f RIGHT JOIN %3$s AS c ON f.user_id = ANY (?::%5$s[])""".formatted(
                        Names.GENERATIONS,
                        catalogue.features().stream()
                                .map(feature -> "f.\"" + feature.name() + "\"::text")
                                .collect(joining(", ")),
                        Names.COMPLETE_THROUGH,
                        Names.VIEW,
                        this.idType);
    }

    /** @throws Stop.Operator if there is no table that readers could see */
    void requireComplete() throws SQLException, InterruptedException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT to_regclass('" + Names.COMPLETE_THROUGH + "') IS NOT NULL, current_database()")) {
            row.next();
            if (!row.getBoolean(1)) {
                throw new Stop.Operator(
                        "database " + row.getString(2) + " has no " + Names.COMPLETE_THROUGH,
                        "Look at target.url and target.schema, or wait for the first snapshot");
            }
        }
        read(List.of());
    }

    /** The rows of these users, with how complete the table is, in one statement. */
    TablePart read(Collection<String> users) throws SQLException, InterruptedException {
        return lostReads.again(() -> readOnce(users));
    }

    private TablePart readOnce(Collection<String> users) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(part)) {
            query.setArray(1, connection.createArrayOf(idType, users.toArray()));
            try (ResultSet rows = query.executeQuery()) {
                @Nullable Build build = null;
                Map<String, TableRow> found = new LinkedHashMap<>();
                while (rows.next()) {
                    build = new Build(rows.getInt(1), rows.getInt(2), rows.getLong(3), rows.getString(4));
                    String user = rows.getString(5);
                    if (user != null) {
                        found.put(user, row(rows));
                    }
                }
                if (build == null) {
                    throw new Stop.Operator(
                            "no generation is complete, so there is nothing to compare yet",
                            "Wait for the first snapshot's end");
                }
                return new TablePart(build, found);
            }
        }
    }

    private TableRow row(ResultSet rows) throws SQLException {
        List<@Nullable String> values = new ArrayList<>(features);
        for (int i = 0; i < features; i++) {
            values.add(rows.getString(FIRST_VALUE + i));
        }
        return new TableRow(
                rows.getLong(6), rows.getBoolean(7), rows.getString(8), rows.getString(9), rows.getBoolean(10), values);
    }

    /** The same once the table is complete through this LSN; empty if it is not within the time. */
    Optional<TablePart> readPast(long lsn, Collection<String> users, Duration patience)
            throws SQLException, InterruptedException {
        long deadline = time.nanoTime() + patience.toNanos();
        while (read(List.of()).build().lsn() < lsn) {
            if (time.nanoTime() > deadline) {
                return Optional.empty();
            }
            time.pause(POLL);
        }
        return Optional.of(read(users));
    }

    /** The next users in the table's own order. */
    List<String> usersAfter(@Nullable String last, int limit) throws SQLException, InterruptedException {
        return lostReads.again(() -> Keyset.after(connection, Names.VIEW, "user_id", idType, last, limit));
    }

    /** About how many rows there are. */
    long count() throws SQLException, InterruptedException {
        return lostReads.again(this::countOnce);
    }

    private long countOnce() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + Names.VIEW)) {
            row.next();
            return row.getLong(1);
        }
    }
}
