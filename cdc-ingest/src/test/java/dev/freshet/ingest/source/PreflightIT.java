package dev.freshet.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.ingest.capture.Mapping;
import dev.freshet.ingest.capture.Mapping.OrderColumns;
import dev.freshet.ingest.capture.Mapping.SourceTable;
import dev.freshet.ingest.capture.ReplicaIdentity;
import dev.freshet.runtime.check.Finding;
import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.config.TimeType;
import dev.freshet.runtime.filter.RowFilter;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

class PreflightIT {
    static final Mapping MAPPING = new Mapping(
            new SourceTable("public", "users"),
            "id",
            IdType.BIGINT,
            new SourceTable("public", "orders"),
            new OrderColumns(
                    "id",
                    "user_id",
                    "created_at",
                    TimeType.TIMESTAMPTZ,
                    List.of(new Mapping.Amount("total", 0)),
                    RowFilter.NONE),
            "p");

    private final Database database = SharedServers.get().newDatabase();
    private Connection connection;

    @BeforeEach
    void createTables() throws SQLException {
        connection = database.connect();
        sql("CREATE TABLE users (id bigint PRIMARY KEY, email text)");
        sql("CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL, total numeric,"
                + " created_at timestamptz, note text)");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private void sql(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Preflight.Prepared prepare(boolean setup) throws SQLException {
        return new Preflight(MAPPING, setup).prepare(connection);
    }

    private Stop.Operator refusal() {
        return catchThrowableOfType(Stop.Operator.class, () -> prepare(false));
    }

    private String publishedColumns(String table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            ResultSet row = statement.executeQuery(
                    "SELECT attnames::text FROM pg_publication_tables WHERE tablename = '" + table + "'");
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void userIdsThatAreNotWhatIsConfiguredAreRefusedWithTheSetting() throws SQLException {
        sql("ALTER TABLE users ALTER id TYPE text");
        sql("ALTER TABLE orders ALTER user_id TYPE text");
        assertThat(refusal())
                .hasMessageContaining("users has a column id of type text")
                .hasMessageContaining("orders has a column user_id of type text");
        assertThat(refusal().cure()).contains("Set source.users.id.type: text");
        sql("ALTER TABLE users ALTER id TYPE inet USING '::1'");
        assertThat(refusal()).hasMessageContaining("users has a column id of type inet");
        assertThat(refusal().cure()).contains("Name another column");
    }

    private Stop.Operator refusalOf(String where) {
        OrderColumns order = new OrderColumns(
                "id",
                "user_id",
                "created_at",
                TimeType.TIMESTAMPTZ,
                List.of(new Mapping.Amount("total", 0)),
                RowFilter.parse(where));
        Mapping mapping = new Mapping(MAPPING.users(), MAPPING.userId(), IdType.BIGINT, MAPPING.orders(), order, "p");
        return catchThrowableOfType(Stop.Operator.class, () -> new Preflight(mapping, false).prepare(connection));
    }

    @Test
    void aFilterIsHeldAgainstTheColumnsItAsksFor() throws SQLException {
        sql(
                "CREATE TYPE state AS ENUM ('new', 'paid'); ALTER TABLE orders REPLICA IDENTITY FULL, ADD state state, ADD u uuid");
        assertThat(refusalOf("state <> 'new' AND note IN ('a', '') AND id <> 5 AND u IS NULL"))
                .isNull();
        assertThat(refusalOf("total = 5")).hasMessageContaining("asks for column total of type numeric");
        assertThat(refusalOf("created_at IS NULL"))
                .hasMessageContaining("column created_at of type timestamp with time");
        assertThat(refusalOf("note = 5")).hasMessageContaining("compares column note of type text with 5");
        assertThat(refusalOf("id IN (1, '2')")).hasMessageContaining("compares column id of type bigint with 2");
        assertThat(refusalOf("u = '0191E7D4-0000-7000-8000-000000000001'")).hasMessageContaining("in small letters");
        assertThat(refusalOf("state = 'gone'")).hasMessageContaining("PostgreSQL refuses the filter");
        assertThat(refusalOf("ctid IS NULL")).hasMessageContaining("has no column ctid");
    }

    @Test
    void idsThatAreEqualWithoutBeingTheSameAreRefused() throws SQLException {
        sql("CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
        sql("ALTER TABLE orders REPLICA IDENTITY FULL, ALTER id TYPE text COLLATE any_case");
        assertThat(refusal())
                .hasMessageContaining(
                        "orders has a column id of type text under the nondeterministic collation any_case");
        sql("ALTER TABLE orders ALTER id TYPE text COLLATE \"C\"");
        assertThat(prepare(false).identity()).isEqualTo(ReplicaIdentity.FULL);
    }

    @Test
    void timesAndAmountsThatAreNotWhatIsConfiguredAreRefusedWithTheSetting() throws SQLException {
        sql("ALTER TABLE orders REPLICA IDENTITY FULL, ALTER created_at TYPE timestamp, ALTER total TYPE real");
        assertThat(refusal())
                .hasMessageContaining("orders has a column created_at of type timestamp without time zone")
                .hasMessageContaining("orders has a column total of type real");
        assertThat(refusal().cure()).contains("Set source.orders.created.at.type: timestamp");
        sql("ALTER TABLE orders ALTER created_at TYPE timestamptz, ALTER total TYPE numeric");
        OrderColumns cents = new OrderColumns(
                "id",
                "user_id",
                "created_at",
                TimeType.TIMESTAMPTZ,
                List.of(new Mapping.Amount("total", 2)),
                RowFilter.NONE);
        Mapping mapping = new Mapping(MAPPING.users(), MAPPING.userId(), IdType.BIGINT, MAPPING.orders(), cents, "p");
        Stop.Operator refusal =
                catchThrowableOfType(Stop.Operator.class, () -> new Preflight(mapping, false).prepare(connection));
        assertThat(refusal).hasMessageContaining("orders has a column total of type numeric");
        assertThat(refusal.cure()).contains("Remove its source.orders.scale");
    }

    @Test
    void aPublicationIsMadeThatKeepsOtherColumnsOfUsersOut() throws SQLException {
        sql("ALTER TABLE orders REPLICA IDENTITY FULL");
        Preflight.Prepared prepared = prepare(false);
        assertThat(prepared.identity()).isEqualTo(ReplicaIdentity.FULL);
        assertThat(prepared.definitions().text())
                .contains("replica identity of public.orders: f\n", "column total of public.orders: numeric (");
        assertThat(publishedColumns("users")).isEqualTo("{id}");
        assertThat(publishedColumns("orders")).contains("note");
        sql("INSERT INTO orders VALUES (1, 1, 1, now(), 'x'); UPDATE orders SET note = 'y'");
        assertThat(prepare(false).identity()).isEqualTo(ReplicaIdentity.FULL);
    }

    @Test
    void withAnIndexAsIdentityOrdersHasAColumnListToo() throws SQLException {
        sql("CREATE UNIQUE INDEX ou ON orders (id, user_id)");
        sql("ALTER TABLE orders REPLICA IDENTITY USING INDEX ou");
        Preflight.Prepared prepared = prepare(false);
        assertThat(prepared.identity()).isEqualTo(ReplicaIdentity.INDEX);
        assertThat(prepared.definitions().text()).contains("replica identity of public.orders: i 1 2");
        assertThat(publishedColumns("orders")).doesNotContain("note");
        sql("INSERT INTO orders VALUES (1, 1, 1, now(), 'x'); UPDATE orders SET note = 'y'");
        sql("REINDEX INDEX CONCURRENTLY ou");
        assertThat(Preflight.definitions(connection, MAPPING)).isEqualTo(prepared.definitions());
    }

    @Test
    void theIdentityOfOrdersIsChangedOnlyWhereThatIsAllowed() throws SQLException {
        assertThat(refusal().cure()).contains("ALTER TABLE \"public\".\"orders\" REPLICA IDENTITY FULL;");
        assertThat(prepare(true).identity()).isEqualTo(ReplicaIdentity.FULL);
    }

    @Test
    void aPublicationThatWouldNotDoIsRefusedWithItsCure() throws SQLException {
        sql("ALTER TABLE orders REPLICA IDENTITY FULL");
        for (String wrong : List.of(
                "CREATE PUBLICATION p FOR ALL TABLES",
                "CREATE PUBLICATION p FOR TABLE users (id)",
                "CREATE PUBLICATION p FOR TABLE users (id), orders WITH (publish = 'insert, update, delete')",
                "CREATE PUBLICATION p FOR TABLE users (id), orders WHERE (total > 0)",
                "CREATE PUBLICATION p FOR TABLE users (id), orders (id, user_id, total)",
                "CREATE PUBLICATION p FOR TABLE users (id), orders (id, user_id, total, created_at)")) {
            sql(wrong);
            Stop.Operator refusal = refusal();
            assertThat(refusal).as(wrong).isNotNull();
            sql(refusal.cure());
            assertThat(prepare(false).identity()).as(wrong).isEqualTo(ReplicaIdentity.FULL);
            sql("DROP PUBLICATION p");
        }
    }

    @Test
    void aRoleThatMayNotIsToldWhatToGrant() throws SQLException {
        sql("ALTER TABLE orders REPLICA IDENTITY FULL");
        String role = SharedServers.get().uniqueName("role").replace('-', '_');
        sql("CREATE ROLE " + role + " LOGIN PASSWORD 'x'");
        sql("GRANT SELECT (id, user_id, created_at) ON orders TO " + role);
        try (Connection other = DriverManager.getConnection(database.jdbcUrl(), role, "x")) {
            Stop.Operator refusal =
                    catchThrowableOfType(Stop.Operator.class, () -> new Preflight(MAPPING, true).prepare(other));
            assertThat(refusal.cure())
                    .contains("ALTER ROLE \"" + role + "\" REPLICATION;")
                    .contains("GRANT SELECT (\"id\") ON \"public\".\"users\"")
                    .contains("GRANT SELECT (\"total\") ON \"public\".\"orders\"")
                    .contains(
                            "CREATE PUBLICATION \"p\" FOR TABLE \"public\".\"users\" (\"id\"), \"public\".\"orders\";");
            String ofReconcile = "GRANT SELECT (xmin) ON \"public\".\"users\" TO " + role + ";";
            assertThat(cures(other)).contains(ofReconcile);
            sql(ofReconcile);
            assertThat(cures(other)).doesNotContain(ofReconcile);
        }
    }

    @Test
    void aSchemaThatTheRoleMayNotUseIsOneFindingAmongTheOthers() throws SQLException {
        sql("ALTER TABLE orders REPLICA IDENTITY FULL; REVOKE USAGE ON SCHEMA public FROM PUBLIC");
        String role = SharedServers.get().uniqueName("role").replace('-', '_');
        sql("CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'x'; GRANT SELECT ON orders TO " + role);
        String usage = "GRANT USAGE ON SCHEMA public TO " + role + ";";
        try (Connection other = DriverManager.getConnection(database.jdbcUrl(), role, "x")) {
            assertThat(cures(other))
                    .contains(usage, "GRANT SELECT (xmin) ON \"public\".\"users\" TO " + role + ";")
                    .anyMatch(cure -> cure.startsWith("CREATE PUBLICATION"));
            assertThat(catchThrowableOfType(Stop.Operator.class, () -> new Preflight(MAPPING, true).prepare(other))
                            .cure())
                    .contains(usage);
            sql(usage);
            assertThat(cures(other)).doesNotContain(usage);
        }
    }

    private static List<String> cures(Connection connection) throws SQLException {
        return new Preflight(MAPPING, false)
                .inspect(connection).stream().map(Finding::cure).toList();
    }

    @Test
    void rowsThatOnlyTheSnapshotMissesAreRefused() throws SQLException {
        sql("ALTER TABLE orders REPLICA IDENTITY FULL; ALTER TABLE orders ENABLE ROW LEVEL SECURITY");
        assertThat(prepare(false).identity()).as("to a superuser").isEqualTo(ReplicaIdentity.FULL);
        String role = SharedServers.get().uniqueName("role").replace('-', '_');
        sql("CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'x'");
        sql("GRANT SELECT ON users, orders TO " + role);
        try (Connection other = DriverManager.getConnection(database.jdbcUrl(), role, "x")) {
            Preflight preflight = new Preflight(MAPPING, false);
            Stop.Operator refusal = catchThrowableOfType(Stop.Operator.class, () -> preflight.prepare(other));
            assertThat(refusal.reason()).contains("orders has row-level security");
            assertThat(refusal.cure()).contains("BYPASSRLS");
            sql("ALTER ROLE " + role + " BYPASSRLS");
            assertThat(new Preflight(MAPPING, false).prepare(other).identity()).isEqualTo(ReplicaIdentity.FULL);
        }
    }

    @Test
    void rowsAndValuesThatOnlyTheSnapshotHasAreRefused() throws SQLException {
        sql("ALTER TABLE orders REPLICA IDENTITY FULL; CREATE TABLE old_orders () INHERITS (orders)");
        sql("ALTER TABLE orders DROP total, ADD total numeric GENERATED ALWAYS AS (id * 2) STORED");
        assertThat(refusal())
                .hasMessageContaining("orders has tables that inherit from it")
                .hasMessageContaining("orders has a generated column total");
        assertThat(refusal().cure()).contains("NO INHERIT");
    }

    @Test
    void aTableOfAnotherKindIsRefused() throws SQLException {
        sql("ALTER TABLE orders REPLICA IDENTITY FULL; ALTER TABLE orders SET UNLOGGED; DROP TABLE users");
        assertThat(refusal().reason()).contains("is not logged").contains("no table public.users");
        sql("DROP TABLE orders; CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL, total numeric,"
                + " created_at timestamptz) PARTITION BY RANGE (id); ALTER TABLE orders REPLICA IDENTITY FULL");
        assertThat(refusal().reason()).contains("orders is not an ordinary table (relkind p)");
    }

    @Test
    void everythingThatSpeaksAgainstItIsOnALineOfItsOwnWithItsCure() throws SQLException {
        sql("DROP TABLE users; CREATE TABLE old_orders () INHERITS (orders)");
        String message = String.valueOf(refusal().getMessage());
        assertThat(message).startsWith("the source cannot be captured:\n  ");
        assertThat(message.lines().skip(1))
                .hasSize(3)
                .anyMatch(line -> line.contains("no table public.users") && line.contains("Set its name"))
                .anyMatch(line -> line.contains("tables that inherit from it") && line.contains("NO INHERIT"))
                .anyMatch(line -> line.contains("ALTER TABLE \"public\".\"orders\" REPLICA IDENTITY FULL;"));
    }
}
