package dev.freshet.sink.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import dev.freshet.schemas.Names;

/**
 * How far a generation has come in the target.
 *
 * @param live readers see it
 * @param completeThrough source time up to which all of it is in the table, in epoch microseconds; 0 while there is none
 * @param lost entries that are neither in the table nor flagged there
 */
public record Freshness(int generation, boolean live, long completeThrough, long lost) {
    private static final String SELECT = """
            SELECT g.generation, g.state = 'live',
                coalesce((SELECT CASE WHEN count(*) = g.partitions
                        THEN (extract(epoch FROM min(w.source_time)) * 1000000)::bigint END
                    FROM %s w WHERE w.generation = g.generation), 0),
                (SELECT count(*) FROM %s l WHERE l.generation = g.generation)
            FROM %s g WHERE g.state IN ('building', 'live') ORDER BY g.generation""".formatted(Names.WATERMARKS, Names.LOST, Names.GENERATIONS);

    /** Of those that are being filled and the one that is read; none before there are tables. */
    public static List<Freshness> of(Connection connection) throws SQLException {
        if (!has(connection, Names.GENERATIONS) || !has(connection, Names.LOST)) {
            return List.of();
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SELECT)) {
            List<Freshness> all = new ArrayList<>();
            while (rows.next()) {
                all.add(new Freshness(rows.getInt(1), rows.getBoolean(2), rows.getLong(3), rows.getLong(4)));
            }
            return all;
        }
    }

    /** Rows that readers see and that are flagged incomplete. */
    public static long incompleteUsers(Connection connection) throws SQLException {
        if (!has(connection, Names.VIEW)) {
            return 0;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + Names.VIEW + " WHERE incomplete")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static boolean has(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT to_regclass('" + name + "') IS NOT NULL")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
