package dev.freshet.sink.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.freshet.runtime.check.Finding;
import dev.freshet.schemas.Names;
import dev.freshet.sink.sql.FeatureColumns.Column;

/** Holds what exists in the target under Freshet's names against what the sink makes there. Asks only. */
public final class TargetForm {
    private static final String TABLE = "r";
    private static final String PARTITIONED = "p";
    private static final String VIEW = "v";

    private static final Map<String, String> KINDS = Map.ofEntries(
            Map.entry(Names.GENERATIONS, TABLE),
            Map.entry(Names.EPOCHS, TABLE),
            Map.entry(Names.REPAIRS, TABLE),
            Map.entry(Names.ERASURES, TABLE),
            Map.entry(Names.STATE_COPIES, TABLE),
            Map.entry(Names.SINK_OFFSETS, TABLE),
            Map.entry(Names.WATERMARKS, TABLE),
            Map.entry(Names.WAITING_ROWS, TABLE),
            Map.entry(Names.LOST, TABLE),
            Map.entry(Names.HISTORY, PARTITIONED),
            Map.entry(Names.HELD, VIEW),
            Map.entry(Names.VIEW, VIEW),
            Map.entry(Names.COMPLETE_THROUGH, VIEW));

    private static final Map<String, String> KIND_NAMES = Map.of(
            TABLE,
            "a table",
            PARTITIONED,
            "a partitioned table",
            VIEW,
            "a view",
            "m",
            "a materialized view",
            "f",
            "a foreign table");

    private static final String SELECT = """
            SELECT c.relkind, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name,
              pg_has_role(c.relowner, 'USAGE') AS owned, current_user AS role, row_security_active(c.oid) AS filtered,
              has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
                AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE') AS writable,
              ARRAY(SELECT quote_ident(t.tgname) FROM pg_trigger t
                    WHERE t.tgrelid = c.oid AND NOT t.tgisinternal ORDER BY 1) AS triggers,
              ARRAY(SELECT a.attname::text FROM pg_index i
                    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                    WHERE i.indrelid = c.oid AND i.indisprimary) AS primary_key
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass(?)""";

    private static final String SELECT_COLUMNS = """
            SELECT attname, atttypid::regtype::text, attnotnull FROM pg_attribute
            WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped ORDER BY attnum""";

    private final Connection connection;
    private final FeatureColumns columns;
    private final List<Finding> findings = new ArrayList<>();

    private TargetForm(Connection connection, FeatureColumns columns) {
        this.connection = connection;
        this.columns = columns;
    }

    /**
     * @param tables of the generations that are written; those that do not exist yet are as they should be
     * @param ofView whether the readers' view has to have these columns, too
     * @return every difference, with what undoes it
     */
    public static List<Finding> check(
            Connection connection, FeatureColumns columns, List<String> tables, boolean ofView) throws SQLException {
        TargetForm form = new TargetForm(connection, columns);
        for (String name : KINDS.keySet().stream().sorted().toList()) {
            Optional<Relation> relation = form.relation(name);
            if (relation.isPresent() && form.isOfKind(relation.get(), KINDS.getOrDefault(name, TABLE))) {
                form.rights(relation.get());
                if (ofView && name.equals(Names.VIEW)) {
                    form.viewColumns(relation.get());
                }
            }
        }
        for (String name : tables) {
            Optional<Relation> relation = form.relation(name);
            if (relation.isPresent() && form.isOfKind(relation.get(), TABLE)) {
                form.rights(relation.get());
                form.tableColumns(relation.get(), name);
            }
        }
        return List.copyOf(form.findings);
    }

    private record Relation(
            String kind,
            String name,
            boolean owned,
            String role,
            boolean filtered,
            boolean writable,
            List<String> triggers,
            List<String> primaryKey) {}

    private Optional<Relation> relation(String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Relation(
                                row.getString("relkind"),
                                row.getString("name"),
                                row.getBoolean("owned"),
                                row.getString("role"),
                                row.getBoolean("filtered"),
                                row.getBoolean("writable"),
                                List.of((String[]) row.getArray("triggers").getArray()),
                                List.of((String[]) row.getArray("primary_key").getArray())))
                        : Optional.empty();
            }
        }
    }

    private boolean isOfKind(Relation relation, String kind) {
        if (relation.kind().equals(kind)) {
            return true;
        }
        String what = relation.kind().equals(VIEW) || relation.kind().equals("m") ? "VIEW" : "TABLE";
        String simple = relation.name().substring(relation.name().lastIndexOf('.') + 1);
        findings.add(new Finding(
                relation.name() + " is " + KIND_NAMES.getOrDefault(relation.kind(), "of kind " + relation.kind())
                        + ", and Freshet's is " + KIND_NAMES.get(kind),
                "ALTER " + (relation.kind().equals("m") ? "MATERIALIZED " : "") + what + " " + relation.name()
                        + " RENAME TO " + simple + "_before; -- or name another target.schema"));
        return false;
    }

    private void rights(Relation relation) {
        boolean isView = relation.kind().equals(VIEW);
        String kind = isView ? "VIEW" : "TABLE";
        if (!relation.owned() && (isView || !relation.writable())) {
            findings.add(new Finding(
                    relation.name() + " is not " + relation.role() + "'s, who has to write it",
                    "ALTER " + kind + " " + relation.name() + " OWNER TO " + relation.role() + ";"));
        }
        if (relation.filtered()) {
            findings.add(new Finding(
                    relation.name() + " has row-level security, which hides rows from " + relation.role(),
                    "ALTER TABLE " + relation.name() + " DISABLE ROW LEVEL SECURITY;"));
        }
        for (String trigger : relation.triggers()) {
            findings.add(new Finding(
                    relation.name() + " has a trigger " + trigger + ", which may change or refuse what is written",
                    "DROP TRIGGER " + trigger + " ON " + relation.name() + ";"));
        }
    }

    private Map<String, Column> existing(String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT_COLUMNS)) {
            select.setString(1, name);
            try (ResultSet rows = select.executeQuery()) {
                Map<String, Column> existing = new LinkedHashMap<>();
                while (rows.next()) {
                    existing.put(
                            rows.getString(1),
                            new Column(rows.getString(1), type(rows.getString(2)), !rows.getBoolean(3)));
                }
                return existing;
            }
        }
    }

    /** As we write it. */
    private static String type(String type) {
        return switch (type) {
            case "integer" -> "int";
            case "timestamp with time zone" -> "timestamptz";
            default -> type;
        };
    }

    private static String plain(Column column) {
        return column.name().replace("\"", "");
    }

    private void tableColumns(Relation table, String name) throws SQLException {
        Map<String, Column> existing = existing(name);
        String alter = "ALTER TABLE " + table.name() + " ";
        for (Column column : columns.all()) {
            Column there = existing.remove(plain(column));
            if (there == null) {
                findings.add(new Finding(
                        table.name() + " lacks the column " + column.ddl(),
                        "Begin a new generation, and drop this table."));
            } else if (!there.type().equals(column.type())) {
                findings.add(new Finding(
                        table.name() + " has the column " + plain(column) + " of type " + there.type() + ", not "
                                + column.type(),
                        alter + "ALTER " + column.name() + " TYPE " + column.type() + ";"));
            } else if (column.nullable() && !there.nullable()) {
                findings.add(new Finding(
                        table.name() + " has the column " + plain(column) + " NOT NULL, and it may be NULL",
                        alter + "ALTER " + column.name() + " DROP NOT NULL;"));
            }
        }
        existing.values()
                .forEach(other -> findings.add(new Finding(
                        table.name() + " has a column " + other.name() + " that is not Freshet's",
                        alter + "DROP COLUMN \"" + other.name() + "\";")));
        if (!table.primaryKey().equals(List.of("user_id"))) {
            findings.add(new Finding(
                    table.name() + " has the primary key " + table.primaryKey() + ", not [user_id]",
                    alter + "ADD PRIMARY KEY (user_id); -- after dropping the other one, if there is one"));
        }
    }

    /** A view can only be added to. */
    private void viewColumns(Relation view) throws SQLException {
        List<String> existing = existing(Names.VIEW).values().stream()
                .map(column -> column.name() + " " + column.type())
                .toList();
        List<String> wanted = new ArrayList<>(columns.all().stream()
                .map(column -> plain(column) + " " + column.type())
                .toList());
        wanted.add("epoch int");
        if (!existing.equals(wanted)) {
            findings.add(new Finding(
                    view.name() + " has the columns " + existing + ", not " + wanted,
                    "DROP VIEW " + view.name()
                            + "; -- with the views that depend on it; note before who may read it, as \\dp tells; start the sink,"
                            + " which makes it anew, and GRANT SELECT on it to them again"));
        }
    }
}
