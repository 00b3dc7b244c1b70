package dev.freshet.ingest.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.freshet.ingest.capture.Mapping;
import dev.freshet.ingest.capture.Mapping.SourceTable;
import dev.freshet.runtime.check.Finding;
import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.config.TimeType;
import dev.freshet.schemas.change.Table;

/** Checks one of the two tables: its kind, its columns and its primary key. */
final class TableCheck {
    private static final Set<String> ORDER_ID_TYPES =
            Set.of("bigint", "integer", "smallint", "text", "character varying", "uuid");
    private static final Set<String> INTEGER_TYPES = Set.of("bigint", "integer", "smallint");
    private static final Set<String> NUMBER_TYPES = Set.of("numeric", "bigint", "integer", "smallint");

    private static final String OTHER_TYPE = "Name another column, or change its type.";

    private final SourceTable table;
    private final TableFacts facts;
    private final List<Finding> findings = new ArrayList<>();

    private TableCheck(SourceTable table, TableFacts facts) {
        this.table = table;
        this.facts = facts;
    }

    static List<Finding> users(Mapping mapping, TableFacts facts) {
        TableCheck check = new TableCheck(mapping.users(), facts);
        check.kind();
        check.columns(mapping.columns(Table.USERS));
        check.primaryKey(mapping.userId());
        check.userId(mapping.userId(), mapping.userIdType());
        return check.findings;
    }

    static List<Finding> orders(Mapping mapping, TableFacts facts) {
        TableCheck check = new TableCheck(mapping.orders(), facts);
        Mapping.OrderColumns order = mapping.order();
        check.kind();
        check.columns(mapping.columns(Table.ORDERS));
        check.primaryKey(order.id());
        check.type(order.id(), ORDER_ID_TYPES);
        check.userId(order.user(), mapping.userIdType());
        check.createdAt(order);
        order.amounts().forEach(check::amount);
        check.findings.addAll(FilterCheck.of(mapping, facts));
        return check.findings;
    }

    private void kind() {
        if (facts.kind() != 'r') {
            add("is not an ordinary table (relkind " + facts.kind() + ")", "Name an ordinary table.");
        }
        if (facts.persistence() != 'p') {
            add("is not logged, so its changes are not in the WAL", "ALTER TABLE " + table.quoted() + " SET LOGGED;");
        }
        if (facts.filtered()) {
            add(
                    "has row-level security, which hides rows of the snapshot from this role but none of the WAL's",
                    "ALTER ROLE ... BYPASSRLS; -- naming the role that ingest connects as");
        }
        if (facts.parent()) {
            add(
                    "has tables that inherit from it: a snapshot reads their rows as its own, the WAL does not",
                    "Detach each child: ALTER TABLE ... NO INHERIT " + table.quoted()
                            + "; or name a table without children.");
        }
    }

    private void columns(List<String> columns) {
        for (String column : columns) {
            if (!facts.columns().containsKey(column)) {
                add("has no column " + column, "Set the column's name in the configuration.");
            } else if (facts.unreadable().contains(column)) {
                add(
                        "has a column " + column + " that this role may not read",
                        "GRANT SELECT (" + Mapping.quote(column) + ") ON " + table.quoted() + " TO CURRENT_USER; "
                                + "-- naming the role instead of CURRENT_USER");
            }
            if (facts.generated().contains(column)) {
                add(
                        "has a generated column " + column + ", which the WAL does not carry",
                        "Name another column, or make it an ordinary one, which the application or a trigger fills.");
            }
        }
    }

    private void primaryKey(String id) {
        if (!facts.primaryKey().equals(List.of(id))) {
            add(
                    "has the primary key " + facts.primaryKey() + ", not [" + id + "]",
                    "Set the column's name in the configuration, or: ALTER TABLE " + table.quoted()
                            + " ADD PRIMARY KEY (" + Mapping.quote(id) + ");");
        } else if (facts.deferrable()) {
            add(
                    "has a DEFERRABLE primary key: two rows that swap their ids would be captured as one",
                    "Make it again NOT DEFERRABLE: ALTER TABLE " + table.quoted()
                            + " DROP CONSTRAINT ..., ADD PRIMARY KEY (" + Mapping.quote(id) + ");");
        }
    }

    private void userId(String column, IdType configured) {
        type(
                column,
                configured.sourceTypes(),
                Arrays.stream(IdType.values())
                        .filter(type ->
                                type.sourceTypes().contains(facts.columns().getOrDefault(column, "")))
                        .map(type -> "Set source.users.id.type: " + type.sqlName())
                        .findFirst()
                        .orElse(OTHER_TYPE));
    }

    private void createdAt(Mapping.OrderColumns order) {
        type(
                order.createdAt(),
                Set.of(order.createdAtType().sqlName()),
                Arrays.stream(TimeType.values())
                        .filter(type -> type.sqlName().equals(facts.columns().get(order.createdAt())))
                        .map(type -> "Set source.orders.created.at.type: "
                                + type.name().toLowerCase(Locale.ROOT)
                                + (type == TimeType.TIMESTAMP ? " # its values are taken as UTC" : ""))
                        .findFirst()
                        .orElse(OTHER_TYPE));
    }

    private void amount(Mapping.Amount amount) {
        if (amount.scale() == 0) {
            type(amount.column(), NUMBER_TYPES);
        } else {
            type(amount.column(), INTEGER_TYPES, "Remove its source.orders.scale, which is for integers, as of cents.");
        }
    }

    private void type(String column, Set<String> allowed) {
        type(column, allowed, OTHER_TYPE);
    }

    private void type(String column, Set<String> allowed, String cure) {
        String type = facts.columns().get(column);
        if (type != null && !allowed.contains(type)) {
            add(
                    "has a column " + column + " of type " + type + ", none of "
                            + allowed.stream().sorted().toList(),
                    cure);
        }
    }

    private void add(String what, String cure) {
        findings.add(new Finding("Table " + table + " " + what, cure));
    }
}
