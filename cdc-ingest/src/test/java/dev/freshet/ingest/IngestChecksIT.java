package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import dev.freshet.ingest.source.Preflight;
import dev.freshet.runtime.check.Finding;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Bindings;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** Bad inputs, row 47, and what the doctor may do about them. */
class IngestChecksIT {
    private static final Generation LIVE =
            new Generation(1, GenerationState.LIVE, 1, new Generation.Log(1, 3, "source"), true, "");

    private final SharedServers servers = SharedServers.get();
    private final String name = servers.uniqueName("checks").replace('-', '_');
    private final Database database = servers.newDatabase();

    private void sql(String sql) throws SQLException {
        sql(database, sql);
    }

    private static void sql(Database database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private FreshetConfig config(Database source) {
        return config(source, source.jdbcUrl());
    }

    private FreshetConfig config(Database source, String targetUrl) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "name", name, "kafka.bootstrap.servers", "localhost:1", "schema.registry.url", "http://localhost:1"));
        for (String side : List.of("source", "target")) {
            settings.put(side + ".url", source.jdbcUrl());
            settings.put(side + ".user", source.user());
            settings.put(side + ".password", source.password());
        }
        settings.put("target.url", targetUrl);
        return FreshetConfig.of(settings);
    }

    private List<Finding> errors(Generation... generations) throws SQLException {
        return new IngestChecks(config(database), List.of(generations))
                .find().stream().filter(Finding::isError).toList();
    }

    @Test
    void everythingIsFoundAtOnceAndEachCureMendsIt() throws SQLException {
        sql("CREATE TABLE users (id bigint NOT NULL); CREATE TABLE orders (id bigint PRIMARY KEY DEFERRABLE,"
                + " user_id bigint, total numeric, created_at timestamptz)");
        sql("CREATE PUBLICATION " + name + "_publication FOR TABLE users");
        assertThat(errors())
                .extracting(Finding::what)
                .anyMatch(what -> what.contains("users has the primary key []"))
                .anyMatch(what -> what.contains("orders has a DEFERRABLE primary key"))
                .anyMatch(what -> what.contains("orders has a replica identity that does not hold user_id"))
                .anyMatch(what -> what.contains("_publication lacks the table public.orders"))
                .hasSize(4);

        sql("ALTER TABLE users ADD PRIMARY KEY (id)");
        sql("ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (id)");
        for (Finding finding : errors()) {
            sql(finding.cure());
        }
        assertThat(errors()).isEmpty();
        sql("DROP PUBLICATION " + name + "_publication");
        assertThat(errors()).singleElement().satisfies(finding -> assertThat(finding.cure())
                .startsWith("CREATE PUBLICATION"));
    }

    @Test
    void aDatabaseOfAnotherEncodingIsRefused() throws SQLException {
        sql("CREATE DATABASE " + name + " ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
        Database latin = servers.postgres().database(name);
        sql(
                latin,
                "CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY,"
                        + " user_id bigint, total numeric, created_at timestamptz)");
        assertThat(new IngestChecks(config(latin), List.of()).find())
                .anyMatch(finding -> finding.isError() && finding.what().contains("encoding is LATIN1"));
    }

    @Test
    void whatIsSafeIsMendedAndToldAndNothingOfThatWhileAGenerationIsFed() throws SQLException {
        sql("CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint,"
                + " total numeric, created_at timestamptz)");
        assertThat(fixed(new IngestChecks(config(database), List.of(LIVE)))).isEmpty();
        assertThat(errors()).hasSize(2);

        assertThat(fixed(new IngestChecks(config(database), List.of())))
                .hasSize(2)
                .anyMatch(done -> done.contains("REPLICA IDENTITY FULL"))
                .anyMatch(done -> done.contains("CREATE PUBLICATION"));
        assertThat(errors()).isEmpty();
        assertThat(errors(LIVE)).singleElement().satisfies(finding -> assertThat(finding.what())
                .contains("slot " + name + "_slot is gone"));
    }

    /** Ingest refuses to go on with them, whoever put them back. */
    @Test
    void tablesThatWerePutRightAgainAreToldToBeOthersThanTheGenerationWasBegunFrom() throws SQLException {
        sql("CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint,"
                + " total numeric, created_at timestamptz); ALTER TABLE orders REPLICA IDENTITY FULL");
        String publication = name + "_publication";
        sql("CREATE PUBLICATION " + publication + " FOR TABLE users (id), orders");
        sql("SELECT pg_create_logical_replication_slot('" + name + "_slot', 'pgoutput')");
        begin();
        assertThat(errors(LIVE)).isEmpty();

        sql("ALTER PUBLICATION " + publication + " DROP TABLE orders");
        assertThat(errors(LIVE))
                .extracting(Finding::what)
                .hasSize(2)
                .anyMatch(what -> what.contains("lacks the table"));
        sql("ALTER PUBLICATION " + publication + " ADD TABLE orders");
        assertThat(errors(LIVE)).singleElement().satisfies(finding -> {
            assertThat(finding.what())
                    .startsWith(
                            "The tables are not as they were when generation 1 was begun: publication of public.orders");
            assertThat(finding.cure()).contains("freshet replay start --from-source --go-live");
        });
        sql("SELECT pg_drop_replication_slot('" + name + "_slot')");
    }

    /** Generation 1, as ingest does. */
    private void begin() throws SQLException {
        FreshetConfig config = config(database);
        try (Connection connection = database.connect()) {
            Generations generations = new Generations(connection);
            generations.createTable();
            generations.allocate(0, 3, "source");
            Bindings bindings = new Bindings(connection);
            bindings.bind(1, config.definition());
            bindings.setSourceTables(
                    1,
                    Preflight.definitions(connection, SourceMapping.of(config)).text());
        }
    }

    @Test
    void aPublicationThatOthersMayReadIsLeftAsItIs() throws SQLException {
        sql("CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint,"
                + " total numeric, created_at timestamptz); CREATE TABLE other (id bigint PRIMARY KEY)");
        sql("ALTER TABLE orders REPLICA IDENTITY FULL");
        sql("CREATE PUBLICATION " + name + "_publication FOR TABLE users, other");

        assertThat(fixed(new IngestChecks(config(database), List.of()))).isEmpty();
        assertThat(errors()).singleElement().satisfies(finding -> assertThat(finding.what())
                .contains("lacks the table public.orders"));
    }

    /** Whether something is fed from the source, only the target knows. */
    @Test
    void nothingIsMendedInTheSourceWhileTheTargetDoesNotAnswer() throws SQLException {
        sql("CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint,"
                + " total numeric, created_at timestamptz)");
        FreshetConfig config = config(database, "jdbc:postgresql://127.0.0.1:1/nowhere");

        assertThatThrownBy(() -> new IngestChecks(config, List.of()).fix(sql -> {}))
                .isInstanceOf(SQLException.class);
        assertThat(errors()).hasSize(2);
    }

    private static List<String> fixed(IngestChecks checks) throws SQLException {
        List<String> done = new ArrayList<>();
        checks.fix(done::add);
        return done;
    }
}
