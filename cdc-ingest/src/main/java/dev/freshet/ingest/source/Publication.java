package dev.freshet.ingest.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

import dev.freshet.ingest.capture.Mapping;
import dev.freshet.ingest.capture.Mapping.SourceTable;
import dev.freshet.runtime.check.Finding;

/**
 * The publication of the two tables, and what it has to be. A column list keeps other columns out of the stream, but with an
 * identity that the list does not cover PostgreSQL would refuse the customer's UPDATEs; so orders has one only with an
 * index as its identity.
 */
final class Publication {
    /** From this on a publication can have column lists and row filters. */
    private static final int COLUMN_LISTS = 150_000;

    private static final String SELECT =
            "SELECT puballtables, pubinsert AND pubupdate AND pubdelete AND pubtruncate AS publishes_all"
                    + " FROM pg_publication WHERE pubname = ?";
    private static final String SELECT_TABLE =
            "SELECT attnames::text[] AS columns, rowfilter FROM pg_publication_tables"
                    + " WHERE pubname = ? AND schemaname = ? AND tablename = ?";
    private static final String SELECT_TABLE_14 =
            "SELECT NULL::text[] AS columns, NULL AS rowfilter FROM pg_publication_tables"
                    + " WHERE pubname = ? AND schemaname = ? AND tablename = ?";

    private final String name;
    private final Mapping mapping;
    private final TableFacts users;
    private final TableFacts orders;
    private final int serverVersion;

    Publication(Mapping mapping, TableFacts users, TableFacts orders, int serverVersion) {
        name = mapping.publication();
        this.mapping = mapping;
        this.users = users;
        this.orders = orders;
        this.serverVersion = serverVersion;
    }

    String create() {
        return "CREATE PUBLICATION " + Mapping.quote(name) + " FOR TABLE " + tables() + ";";
    }

    private String alter() {
        return "ALTER PUBLICATION " + Mapping.quote(name) + " SET TABLE " + tables() + ";";
    }

    private String tables() {
        return table(mapping.users(), userColumns()) + ", " + table(mapping.orders(), orderColumns());
    }

    private static String table(SourceTable table, Set<String> columns) {
        return columns.isEmpty()
                ? table.quoted()
                : columns.stream().map(Mapping::quote).collect(Collectors.joining(", ", table.quoted() + " (", ")"));
    }

    /** Empty: without a column list. */
    private Set<String> userColumns() {
        boolean listed = serverVersion >= COLUMN_LISTS && users.identity() != 'f';
        Set<String> columns = new LinkedHashSet<>();
        if (listed) {
            columns.add(mapping.userId());
            columns.addAll(users.identityColumns());
        }
        return columns;
    }

    private Set<String> orderColumns() {
        boolean listed = serverVersion >= COLUMN_LISTS && orders.identity() == 'i';
        Set<String> columns = new LinkedHashSet<>();
        if (listed) {
            columns.addAll(mapping.order().all());
            columns.addAll(orders.identityColumns());
        }
        return columns;
    }

    boolean exists(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
            statement.setString(1, name);
            return statement.executeQuery().next();
        }
    }

    /** What is wrong with the one that exists. */
    List<Finding> check(Connection connection) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
            statement.setString(1, name);
            ResultSet row = statement.executeQuery();
            row.next();
            if (row.getBoolean("puballtables")) {
                return List.of(new Finding(
                        "Publication " + name + " is FOR ALL TABLES",
                        "DROP PUBLICATION " + Mapping.quote(name) + "; " + create()));
            }
            if (!row.getBoolean("publishes_all")) {
                findings.add(new Finding(
                        "Publication " + name + " leaves out some of insert, update, delete, truncate",
                        "ALTER PUBLICATION " + Mapping.quote(name)
                                + " SET (publish = 'insert, update, delete, truncate');"));
            }
        }
        List<String> needed = mapping.order().all();
        checkTable(connection, mapping.users(), List.of(mapping.userId()), users)
                .ifPresent(findings::add);
        checkTable(connection, mapping.orders(), needed, orders).ifPresent(findings::add);
        return findings;
    }

    private Optional<Finding> checkTable(
            Connection connection, SourceTable table, List<String> needed, TableFacts facts) throws SQLException {
        String sql = serverVersion >= COLUMN_LISTS ? SELECT_TABLE : SELECT_TABLE_14;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            statement.setString(2, table.schema());
            statement.setString(3, table.name());
            ResultSet row = statement.executeQuery();
            String wrong = row.next() ? wrongWith(row, needed, facts) : "lacks the table";
            return wrong == null
                    ? Optional.empty()
                    : Optional.of(new Finding("Publication " + name + " " + wrong + " " + table, alter()));
        }
    }

    private static @Nullable String wrongWith(ResultSet row, List<String> needed, TableFacts facts)
            throws SQLException {
        if (row.getString("rowfilter") != null) {
            return "has a row filter on";
        }
        if (row.getArray("columns") == null) {
            return null;
        }
        List<String> published = List.of((String[]) row.getArray("columns").getArray());
        if (!published.containsAll(needed)) {
            return "leaves out columns that are mapped of";
        }
        boolean covers = facts.identity() == 'f'
                ? published.containsAll(facts.columns().keySet())
                : published.containsAll(facts.identityColumns());
        return covers
                ? null
                : "has a column list that does not cover the replica identity (PostgreSQL refuses UPDATEs) of";
    }
}
