package dev.freshet.ingest.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.freshet.ingest.capture.Mapping.SourceTable;

/**
 * What the catalogue says of a table.
 *
 * @param kind of pg_class.relkind
 * @param persistence of pg_class.relpersistence
 * @param identity of pg_class.relreplident
 * @param identityColumns of the index that is the replica identity; empty if none is
 * @param owned whether we may do what its owner may
 * @param filtered whether row security hides rows from us
 * @param parent whether other tables inherit from it
 * @param columns type by name, domains resolved, enums as {@code enum name}, with the collation where texts that differ may be equal under it
 * @param unreadable columns that we may not SELECT
 * @param generated columns that are computed from others
 * @param primaryKey its columns; empty if there is none
 * @param deferrable whether the primary key is
 */
record TableFacts(
        char kind,
        char persistence,
        char identity,
        List<String> identityColumns,
        boolean owned,
        boolean filtered,
        boolean parent,
        Map<String, String> columns,
        List<String> unreadable,
        List<String> generated,
        List<String> primaryKey,
        boolean deferrable) {

    private static final String SELECT_TABLE = """
            SELECT c.relkind, c.relpersistence, c.relreplident, pg_has_role(c.relowner, 'USAGE') AS owned,
              row_security_active(c.oid) AS filtered,
              c.relkind = 'r' AND EXISTS (SELECT 1 FROM pg_inherits h WHERE h.inhparent = c.oid) AS parent,
              coalesce((SELECT con.condeferrable FROM pg_constraint con
                        WHERE con.conrelid = c.oid AND con.contype = 'p'), false) AS deferrable,
              ARRAY(SELECT a.attname::text FROM pg_index i
                    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
                    WHERE i.indrelid = c.oid AND i.indisprimary) AS primary_key,
              ARRAY(SELECT a.attname::text FROM pg_index i
                    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
                    WHERE i.indrelid = c.oid AND i.indisreplident) AS identity_columns
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = ? AND c.relname = ?""";
    private static final String SELECT_COLUMNS = """
            SELECT a.attname, CASE WHEN b.typtype = 'e' THEN 'enum ' ELSE '' END || b.oid::regtype::text
                     || CASE WHEN l.collisdeterministic THEN '' ELSE
                          coalesce(' under the nondeterministic collation ' || quote_ident(l.collname), '') END AS type,
                   has_column_privilege(a.attrelid, a.attnum, 'SELECT') AS readable,
                   a.attgenerated <> '' AS generated
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            JOIN pg_type t ON t.oid = a.atttypid
            JOIN pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
            LEFT JOIN pg_collation l ON l.oid = a.attcollation
            WHERE n.nspname = ? AND c.relname = ? ORDER BY a.attnum""";

    /** Empty if there is no such table, or none that we may know of. */
    static Optional<TableFacts> select(Connection connection, SourceTable table) throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        List<String> unreadable = new ArrayList<>();
        List<String> generated = new ArrayList<>();
        try (PreparedStatement statement = prepare(connection, SELECT_COLUMNS, table)) {
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                columns.put(rows.getString("attname"), rows.getString("type"));
                if (!rows.getBoolean("readable")) {
                    unreadable.add(rows.getString("attname"));
                }
                if (rows.getBoolean("generated")) {
                    generated.add(rows.getString("attname"));
                }
            }
        }
        try (PreparedStatement statement = prepare(connection, SELECT_TABLE, table)) {
            ResultSet row = statement.executeQuery();
            if (!row.next()) {
                return Optional.empty();
            }
            return Optional.of(new TableFacts(
                    row.getString("relkind").charAt(0),
                    row.getString("relpersistence").charAt(0),
                    row.getString("relreplident").charAt(0),
                    strings(row, "identity_columns"),
                    row.getBoolean("owned"),
                    row.getBoolean("filtered"),
                    row.getBoolean("parent"),
                    columns,
                    unreadable,
                    generated,
                    strings(row, "primary_key"),
                    row.getBoolean("deferrable")));
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, SourceTable table) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setString(1, table.schema());
        statement.setString(2, table.name());
        return statement;
    }

    private static List<String> strings(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }
}
