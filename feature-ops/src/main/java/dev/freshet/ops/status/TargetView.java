package dev.freshet.ops.status;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

import dev.freshet.ops.replay.Drop;
import dev.freshet.ops.status.StatusReport.TableStatus;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.schemas.Names;

/** What the target tells. Asks only. */
final class TargetView {
    /** A table of more rows is not counted. */
    private static final long COUNTED = 1_000_000;

    private static final String COMPLETE = """
            SELECT min(lsn)::text, (extract(epoch FROM min(source_time)) * 1000000)::bigint
            FROM %s WHERE generation = ? HAVING count(*) = ?""".formatted(Names.WATERMARKS);
    private static final String OFFSETS =
            "SELECT part, next FROM " + Names.SINK_OFFSETS + " WHERE generation = ? ORDER BY part";

    private final Connection connection;
    private final Names names;

    TargetView(Connection connection, Names names) {
        this.connection = connection;
        this.names = names;
    }

    /** Those that there is something of. */
    List<Generation> generations() throws SQLException {
        return new Generations(connection)
                .allIfAny().stream()
                        .filter(generation -> !Drop.isRemoved(generation))
                        .toList();
    }

    /** By partition; those that were never written are missing. */
    Map<Integer, Long> sinkOffsets(int generation) throws SQLException {
        Map<Integer, Long> offsets = new HashMap<>();
        if (!has(Names.SINK_OFFSETS)) {
            return offsets;
        }
        try (PreparedStatement select = connection.prepareStatement(OFFSETS)) {
            select.setInt(1, generation);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    offsets.put(rows.getInt(1), rows.getLong(2));
                }
            }
        }
        return offsets;
    }

    /** How complete it is has yet to be asked. Null if it has none. */
    @Nullable
    TableStatus table(Generation generation) throws SQLException {
        String table = names.table(generation.number());
        if (!has(table) || !has(Names.LOST)) {
            return null;
        }
        long estimate = number("SELECT reltuples::bigint FROM pg_class WHERE oid = '" + table + "'::regclass");
        boolean estimated = estimate > COUNTED;
        return new TableStatus(
                estimated ? estimate : number("SELECT count(*) FROM " + table),
                estimated,
                number("SELECT count(*) FROM " + table + " WHERE incomplete"),
                number("SELECT count(*) FROM " + Names.WAITING_ROWS + " WHERE generation = " + generation.number()),
                number("SELECT count(*) FROM " + Names.LOST + " WHERE generation = " + generation.number()),
                null,
                null);
    }

    /**
     * What of the source is in a table.
     *
     * @param time of the source, in epoch microseconds
     */
    record Complete(String lsn, long time) {}

    /** Null while some is missing. */
    @Nullable
    Complete complete(Generation generation) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(COMPLETE)) {
            select.setInt(1, generation.number());
            select.setInt(2, generation.partitions());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Complete(row.getString(1), row.getLong(2)) : null;
            }
        }
    }

    private boolean has(String name) throws SQLException {
        return number("SELECT count(to_regclass('" + name + "'))") == 1;
    }

    private long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
