package dev.freshet.ingest.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.freshet.ingest.capture.Mapping;
import dev.freshet.ingest.capture.Mapping.SourceTable;
import dev.freshet.ingest.capture.TableDefinitions;
import dev.freshet.schemas.change.Table;

/** {@link TableDefinitions} in SQL. Tables are looked up by name each time: one that was renamed is not there any more. */
final class DefinitionsSql {

    /** A replica identity by an index is told by its columns, which a REINDEX leaves as they are. */
    private static final String TABLE = """
            SELECT line FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, LATERAL (
                SELECT 'table %1$s: ' || c.oid::text || ' ' || c.relkind::text AS line
                UNION ALL SELECT 'replica identity of %1$s: ' || c.relreplident::text || coalesce((SELECT ' ' || i.indkey::text
                    FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident), '')
                UNION ALL SELECT 'primary key of %1$s: ' || i.indkey::text FROM pg_index i
                    WHERE i.indrelid = c.oid AND i.indisprimary
                UNION ALL SELECT 'column ' || a.attname::text || ' of %1$s: ' || format_type(a.atttypid, a.atttypmod)
                    || ' (' || a.attnum::text || ')'
                    FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                    AND a.attname IN (%2$s)) AS lines
            WHERE n.nspname = %3$s AND c.relname = %4$s""";

    private DefinitionsSql() {}

    /** An expression for the text. */
    static String text(Mapping mapping) {
        String lines = Stream.of(Table.values())
                .map(table -> lines(
                        mapping.table(table),
                        mapping.columns(table).stream()
                                .map(DefinitionsSql::literal)
                                .collect(Collectors.joining(", "))))
                .collect(Collectors.joining(" UNION ALL "));
        return "(SELECT coalesce(string_agg(line, E'\\n' ORDER BY line COLLATE \"C\"), '') FROM (" + lines + ") AS l)";
    }

    private static String lines(SourceTable table, String columns) {
        String label = literal(table.toString());
        return TABLE.formatted(
                label.substring(1, label.length() - 1), columns, literal(table.schema()), literal(table.name()));
    }

    /** An expression for {@link TableDefinitions#mark}. */
    static String mark(Mapping mapping) {
        return "'" + TableDefinitions.markPrefix(mapping) + "' || encode(sha256(convert_to(" + text(mapping)
                + ", 'UTF8')), 'hex')";
    }

    static TableDefinitions select(Connection connection, Mapping mapping) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + text(mapping))) {
            row.next();
            return new TableDefinitions(row.getString(1));
        }
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
