package dev.freshet.ingest.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.ingest.capture.Mapping;
import dev.freshet.ingest.capture.Mapping.SourceTable;
import dev.freshet.ingest.capture.ReplicaIdentity;
import dev.freshet.ingest.capture.TableDefinitions;
import dev.freshet.runtime.check.Finding;
import dev.freshet.runtime.lifecycle.Quoted;
import dev.freshet.runtime.lifecycle.Stop;

/** Whether the source can be captured: everything that speaks against it at once, each with its cure. */
public final class Preflight {
    private static final Logger log = LoggerFactory.getLogger(Preflight.class);

    private final Mapping mapping;
    private final boolean setup;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> done = new ArrayList<>();

    /** @param setup whether we may change the source: set a replica identity, alter a publication */
    public Preflight(Mapping mapping, boolean setup) {
        this.mapping = mapping;
        this.setup = setup;
    }

    /**
     * A source that can be captured.
     *
     * @param identity of the table of orders
     * @param definitions of the tables
     */
    public record Prepared(ReplicaIdentity identity, TableDefinitions definitions) {}

    /** @throws Stop.Operator if it cannot, with every reason */
    public Prepared prepare(Connection connection) throws SQLException {
        Source found = look(connection);
        Optional<TableFacts> orders = found.orders();
        if (setup && findings.isEmpty() && orders.isPresent()) {
            orders = Optional.of(withIdentity(connection, orders.get()));
        }
        checkIdentities(found.users(), orders);
        if (found.users().isPresent() && orders.isPresent()) {
            publish(connection, found.publication(mapping, orders.get()), found.mayPublish());
        }
        if (!findings.isEmpty() || orders.isEmpty()) {
            throw Stop.Operator.because(
                    "the source cannot be captured",
                    findings.stream().map(Finding::what).toList(),
                    findings.stream().map(Finding::cure).toList());
        }
        return new Prepared(
                IdentityCheck.ofOrders(mapping, orders.get()).orElseThrow(), definitions(connection, mapping));
    }

    /**
     * Everything that speaks against it, a publication that is missing included; asks only, whatever the setup allows. On a
     * preflight that has not been used.
     */
    public List<Finding> inspect(Connection connection) throws SQLException {
        Source found = look(connection);
        checkIdentities(found.users(), found.orders());
        if (found.users().isPresent() && found.orders().isPresent()) {
            Publication wanted = found.publication(mapping, found.orders().get());
            if (wanted.exists(connection)) {
                findings.addAll(wanted.check(connection));
            } else {
                findings.add(new Finding("There is no publication " + mapping.publication(), wanted.create()));
            }
        }
        findings.addAll(found.server().warnings());
        if (found.users().isPresent()) {
            rightOfReconcile(connection).ifPresent(findings::add);
        }
        return List.copyOf(findings);
    }

    /** Ingest itself does without it. */
    private Optional<Finding> rightOfReconcile(Connection connection) throws SQLException {
        SourceTable users = mapping.users();
        // by oid: a name is refused where its schema is, and all other findings would be lost with it
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT quote_ident(current_user) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relname = ? AND NOT has_column_privilege(c.oid, 'xmin', 'SELECT')""")) {
            query.setString(1, users.schema());
            query.setString(2, users.name());
            ResultSet row = query.executeQuery();
            return row.next()
                    ? Optional.of(Finding.warning(
                            "Table " + users + " has a system column xmin that this role may not read, and"
                                    + " freshet reconcile needs",
                            "GRANT SELECT (xmin) ON " + users.quoted() + " TO " + row.getString(1) + ";"))
                    : Optional.empty();
        }
    }

    private List<Finding> schemasThatMayNotBeUsed(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT nspname, quote_ident(nspname), quote_ident(current_user) FROM pg_namespace
                WHERE nspname IN (?, ?) AND NOT has_schema_privilege(oid, 'USAGE') ORDER BY nspname""")) {
            query.setString(1, mapping.users().schema());
            query.setString(2, mapping.orders().schema());
            List<Finding> found = new ArrayList<>();
            ResultSet row = query.executeQuery();
            while (row.next()) {
                found.add(new Finding(
                        "This role may not use schema " + row.getString(1),
                        "GRANT USAGE ON SCHEMA " + row.getString(2) + " TO " + row.getString(3) + ";"));
            }
            return found;
        }
    }

    /**
     * Sets the identity of the orders if they have none that will do, and creates the publication if there is none; changes nothing
     * that is there, for others may live by it, and nothing at all while something else speaks against it.
     */
    public void addWhatIsMissing(Connection connection) throws SQLException {
        Source found = look(connection);
        found.users()
                .flatMap(facts -> IdentityCheck.findingOfUsers(mapping, facts))
                .ifPresent(findings::add);
        if (!findings.isEmpty() || found.users().isEmpty() || found.orders().isEmpty()) {
            return;
        }
        Publication wanted = found.publication(
                mapping, withIdentity(connection, found.orders().get()));
        if (found.mayPublish() && !wanted.exists(connection)) {
            execute(connection, wanted.create());
        }
    }

    /** What was run so far to change the source, also where the next of it failed. */
    public List<String> done() {
        return List.copyOf(done);
    }

    /** What keeps one more slot from being made and read. */
    public static List<Finding> roomForSlot(Connection connection) throws SQLException {
        return ServerFacts.select(connection).errorsOfNewSlot();
    }

    /** The server and the two tables, as far as they exist. */
    private record Source(ServerFacts server, Optional<TableFacts> users, Optional<TableFacts> orders) {
        /** Of tables that exist. */
        Publication publication(Mapping mapping, TableFacts identified) {
            return new Publication(mapping, users.orElseThrow(), identified, server.version());
        }

        /** Who publishes a table has to own it. */
        boolean mayPublish() {
            return server.creates()
                    && users.orElseThrow().owned()
                    && orders.orElseThrow().owned();
        }
    }

    private Source look(Connection connection) throws SQLException {
        ServerFacts server = ServerFacts.select(connection);
        findings.addAll(server.errors());
        findings.addAll(schemasThatMayNotBeUsed(connection));
        Optional<TableFacts> users = table(connection, mapping.users());
        Optional<TableFacts> orders = table(connection, mapping.orders());
        checkTables(connection, users, orders);
        return new Source(server, users, orders);
    }

    private void checkTables(Connection connection, Optional<TableFacts> users, Optional<TableFacts> orders)
            throws SQLException {
        users.ifPresent(facts -> findings.addAll(TableCheck.users(mapping, facts)));
        orders.ifPresent(facts -> findings.addAll(TableCheck.orders(mapping, facts)));
        if (findings.isEmpty() && orders.isPresent()) {
            FilterCheck.askPostgres(connection, mapping).ifPresent(findings::add);
        }
    }

    private void checkIdentities(Optional<TableFacts> users, Optional<TableFacts> orders) {
        users.flatMap(facts -> IdentityCheck.findingOfUsers(mapping, facts)).ifPresent(findings::add);
        orders.flatMap(facts -> IdentityCheck.findingOfOrders(mapping, facts)).ifPresent(findings::add);
    }

    /** What the tables are now; asks only. */
    public static TableDefinitions definitions(Connection connection, Mapping mapping) throws SQLException {
        return DefinitionsSql.select(connection, mapping);
    }

    private Optional<TableFacts> table(Connection connection, SourceTable table) throws SQLException {
        Optional<TableFacts> facts = TableFacts.select(connection, table);
        if (facts.isEmpty()) {
            findings.add(new Finding(
                    "There is no table " + table + " in database " + connection.getCatalog(),
                    "Set its name in the configuration."));
        }
        return facts;
    }

    private TableFacts withIdentity(Connection connection, TableFacts orders) throws SQLException {
        if (IdentityCheck.ofOrders(mapping, orders).isPresent()) {
            return orders;
        }
        execute(connection, IdentityCheck.cureOfOrders(mapping));
        return TableFacts.select(connection, mapping.orders()).orElseThrow();
    }

    private void publish(Connection connection, Publication wanted, boolean mayCreate) throws SQLException {
        if (wanted.exists(connection)) {
            List<Finding> wrong = wanted.check(connection);
            if (setup && findings.isEmpty()) {
                for (Finding finding : wrong) {
                    execute(connection, finding.cure());
                }
            } else {
                findings.addAll(wrong);
            }
        } else if (!mayCreate) {
            findings.add(new Finding("There is no publication " + mapping.publication(), wanted.create()));
        } else if (findings.isEmpty()) {
            execute(connection, wanted.create());
        }
    }

    private void execute(Connection connection, String sql) throws SQLException {
        log.info("changing the source sql={}", Quoted.of(sql));
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            done.add(sql);
        }
    }
}
