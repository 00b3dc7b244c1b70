package dev.freshet.ingest.source;

import java.sql.Connection;
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
import dev.freshet.runtime.lifecycle.Quoted;
import dev.freshet.runtime.lifecycle.Stop;

/** Whether the source can be captured: everything that speaks against it at once, each with its cure. */
public final class Preflight {
    private static final Logger log = LoggerFactory.getLogger(Preflight.class);

    /** From this on pgoutput passes messages on, which our heartbeat is. */
    private static final int OLDEST_SERVER = 140_000;

    private static final String SELECT_SERVER = """
            SELECT current_setting('server_version_num')::int AS version, current_setting('wal_level') AS wal_level,
                   pg_is_in_recovery() AS standby, current_user AS role,
                   (SELECT rolsuper OR rolreplication FROM pg_roles WHERE rolname = current_user)
                   OR EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'rds_replication'
                              AND pg_has_role(current_user, oid, 'MEMBER')) AS replicates,
                   has_database_privilege(current_database(), 'CREATE') AS creates""";

    private final Mapping mapping;
    private final boolean setup;
    private final List<Finding> findings = new ArrayList<>();

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
        Server server = server(connection);
        Optional<TableFacts> users = table(connection, mapping.users());
        Optional<TableFacts> orders = table(connection, mapping.orders());
        users.ifPresent(facts -> findings.addAll(TableCheck.users(mapping, facts)));
        orders.ifPresent(facts -> findings.addAll(TableCheck.orders(mapping, facts)));
        if (findings.isEmpty() && orders.isPresent()) {
            FilterCheck.askPostgres(connection, mapping).ifPresent(findings::add);
        }
        if (setup && findings.isEmpty() && orders.isPresent()) {
            orders = Optional.of(withIdentity(connection, orders.get()));
        }
        users.flatMap(facts -> IdentityCheck.findingOfUsers(mapping, facts)).ifPresent(findings::add);
        orders.flatMap(facts -> IdentityCheck.findingOfOrders(mapping, facts)).ifPresent(findings::add);
        if (users.isPresent() && orders.isPresent()) {
            publish(
                    connection,
                    new Publication(mapping, users.get(), orders.get(), server.version()),
                    server.creates() && users.get().owned() && orders.get().owned());
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

    /** What the tables are now; asks only. */
    public static TableDefinitions definitions(Connection connection, Mapping mapping) throws SQLException {
        return DefinitionsSql.select(connection, mapping);
    }

    private record Server(int version, boolean creates) {}

    private Server server(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            ResultSet row = statement.executeQuery(SELECT_SERVER);
            row.next();
            int version = row.getInt("version");
            if (version < OLDEST_SERVER) {
                findings.add(new Finding("The server is PostgreSQL " + version / 10_000, "Upgrade it to 14 or later."));
            }
            if (row.getBoolean("standby")) {
                findings.add(new Finding("The server is a standby", "Connect to the primary."));
            }
            if (!"logical".equals(row.getString("wal_level"))) {
                findings.add(new Finding(
                        "wal_level is " + row.getString("wal_level"),
                        "ALTER SYSTEM SET wal_level = logical; -- and restart the server"));
            }
            String role = row.getString("role");
            if (!row.getBoolean("replicates")) {
                findings.add(new Finding(
                        "Role " + role + " may not replicate", "ALTER ROLE " + Mapping.quote(role) + " REPLICATION;"));
            }
            return new Server(version, row.getBoolean("creates"));
        }
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

    private static void execute(Connection connection, String sql) throws SQLException {
        log.info("changing the source sql={}", Quoted.of(sql));
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
