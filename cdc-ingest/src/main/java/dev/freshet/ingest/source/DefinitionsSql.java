package dev.freshet.ingest.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.freshet.ingest.capture.Mapping;
import dev.freshet.ingest.capture.Mapping.SourceTable;
import dev.freshet.ingest.capture.TableDefinitions;
import dev.freshet.runtime.filter.Literal;
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
                    || ' (' || a.attnum::text || ')' || coalesce((SELECT ' nondeterministic collation ' || l.collname::text
                        FROM pg_collation l WHERE l.oid = a.attcollation AND NOT l.collisdeterministic), '')
                    FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                    AND a.attname IN (%2$s)
                UNION ALL %5$s
                UNION ALL %6$s) AS lines
            WHERE n.nspname = %3$s AND c.relname = %4$s""";

    /** Labels by their oids: one that is renamed keeps it, and rows that were equal to the old name are to the new one. */
    private static final String LABELS = """
            SELECT 'label ' || e.enumlabel::text || ' of column ' || a.attname::text || ' of %1$s: ' || e.oid::text
                    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
                    JOIN pg_enum e ON e.enumtypid = coalesce(nullif(t.typbasetype, 0), t.oid)
                    WHERE a.attrelid = c.oid AND NOT a.attisdropped
                    AND (a.attname::text, e.enumlabel::text) IN (VALUES %2$s)""";

    /**
     * The entry's oid tells that the table was taken out meanwhile and put back. PostgreSQL 14 has neither attnames nor
     * rowfilter: by way of JSON they are null there.
     */
    private static final String PUBLISHED = """
            SELECT 'publication of %1$s: ' || concat_ws(' ', p.pubname::text,
                        (SELECT r.oid::text FROM pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid = c.oid),
                        CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                        CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END,
                        (SELECT 'without ' || string_agg(m, ', ' ORDER BY m COLLATE "C") FROM (VALUES %2$s) AS mapped (m)
                            WHERE NOT jsonb_exists(to_jsonb(t) -> 'attnames', m)),
                        'where ' || regexp_replace(to_jsonb(t) ->> 'rowfilter', '(:?\\s)+', ' ', 'g'))
                    FROM pg_publication p JOIN pg_publication_tables t ON t.pubname = p.pubname
                    WHERE p.pubname = %3$s AND t.schemaname = n.nspname AND t.tablename = c.relname""";

    private DefinitionsSql() {}

    /** An expression for the text. */
    static String text(Mapping mapping) {
        String lines = Stream.of(Table.values())
                .map(table -> lines(mapping, mapping.table(table), mapping.columns(table)))
                .collect(Collectors.joining(" UNION ALL "));
        return "(SELECT coalesce(string_agg(line, E'\\n' ORDER BY line COLLATE \"C\"), '') FROM (" + lines + ") AS l)";
    }

    private static String lines(Mapping mapping, SourceTable table, List<String> columns) {
        String label = literal(table.toString());
        String inLabel = label.substring(1, label.length() - 1);
        return TABLE.formatted(
                inLabel,
                columns.stream().map(DefinitionsSql::literal).collect(Collectors.joining(", ")),
                literal(table.schema()),
                literal(table.name()),
                LABELS.formatted(inLabel, labels(mapping, columns)),
                PUBLISHED.formatted(
                        inLabel,
                        columns.stream()
                                .map(column -> "(" + literal(column) + ")")
                                .collect(Collectors.joining(", ")),
                        literal(mapping.publication())));
    }

    /** What the filter compares these columns with; a row of nulls if it asks for none. */
    private static String labels(Mapping mapping, List<String> columns) {
        return Stream.concat(
                        Stream.of("(NULL, NULL)"),
                        columns.stream().flatMap(column -> mapping.order().where().literals(column).stream()
                                .filter(compared -> compared.kind() == Literal.Kind.STRING)
                                .map(compared -> "(" + literal(column) + ", " + literal(compared.text()) + ")")))
                .collect(Collectors.joining(", "));
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
