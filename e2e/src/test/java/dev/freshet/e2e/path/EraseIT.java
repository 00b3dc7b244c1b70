package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import dev.freshet.ops.erase.Erasure;
import dev.freshet.ops.erase.Proof;
import dev.freshet.ops.erase.Proof.Place;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.UserPartition;
import dev.freshet.testkit.process.ChildJvm;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** Users are erased while the processes run, and come back, and an erasure is interrupted; one shop for all, so the order matters. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EraseIT {
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    /** Their bytes are found nowhere by chance, in whatever form. */
    private static final long LIGHT = 7_777_777_777_777_001L;

    private static final long HEAVY = 7_777_777_777_777_002L;
    private static final long OTHER = 7_777_777_777_777_003L;
    private static final int PARTITIONS = 3;

    /** In a partition whose state goes from one instance to another; which, is not known before. */
    private long moved = 7_777_777_777_777_004L;

    private Database database;
    private Connection shop;
    private Pipeline pipeline;
    private Admin admin;

    @BeforeAll
    void open() throws SQLException {
        SharedServers servers = SharedServers.get();
        database = servers.newDatabase();
        shop = database.connect();
        sql("""
                CREATE TABLE users (
                    id bigserial PRIMARY KEY, email text UNIQUE NOT NULL, created_at timestamptz DEFAULT now());
                CREATE TABLE orders (
                    id bigserial PRIMARY KEY, user_id bigint NOT NULL REFERENCES users(id),
                    total numeric NOT NULL, created_at timestamptz DEFAULT now());
                CREATE INDEX ON orders (user_id)""");
        pipeline = Pipeline.of(servers, database);
        admin = Admin.create(Map.of("bootstrap.servers", servers.kafka().bootstrapServers()));
        insertUser(LIGHT);
        insertUser(OTHER);
        insertOrders(LIGHT, 3);
        insertOrders(OTHER, 2);
        pipeline.start(Pipeline.Part.ALL, Map.of());
        Truth.assertTableIsTheTruth(database, pipeline);
    }

    @AfterAll
    void close() throws SQLException {
        admin.close();
        pipeline.close();
        shop.close();
    }

    @Test
    @Order(1)
    void whoIsInTheSourceIsNotErased() {
        Pipeline.Ended erased = erase(LIGHT, "--prove", "--json");
        assertThat(erased.code()).as(erased.output()).isEqualTo(78);
        assertThat(erased.output())
                .contains("user " + LIGHT
                        + " is in the source: 3 rows of \"public\".\"orders\", 1 row of \"public\".\"users\"")
                .contains("DELETE FROM \"public\".\"users\" WHERE \"id\" = '" + LIGHT + "';");
    }

    @Test
    @Order(2)
    void withoutATerminalItAsksForYes() {
        try (ChildJvm command = pipeline.command("erase", "--user", "1")) {
            assertThat(command.exitCode(PATIENCE)).isEqualTo(2);
            assertThat(command.output()).contains("say --yes");
        }
    }

    @Test
    @Order(3)
    void allOfAUserIsErasedAndNothingOfAnother() throws Exception {
        insertUser(HEAVY);
        insertOrders(HEAVY, 100);
        sql("UPDATE orders SET user_id = " + OTHER
                + ", created_at = 'infinity' WHERE id = (SELECT max(id) FROM orders WHERE user_id = " + HEAVY + ")");
        sql("INSERT INTO orders (user_id, total, created_at) VALUES (" + HEAVY + ", 1, 'infinity')");
        sql("TRUNCATE orders");
        insertOrders(HEAVY, 60);
        insertOrders(OTHER, 2);
        Truth.assertTableIsTheTruth(database, pipeline);
        sql("DELETE FROM orders WHERE user_id = " + HEAVY);
        sql("DELETE FROM users WHERE id = " + HEAVY);
        Truth.assertTableIsTheTruth(database, pipeline);
        sql("INSERT INTO freshet_sink_lost (generation, part, user_id) VALUES (9, 0, '" + HEAVY + "')");
        sql("INSERT INTO freshet_sink_waiting (generation, part, key, value) VALUES (9, 0, '\\x"
                + Canaries.keyOfFeatures(HEAVY) + "', '')");
        sql("INSERT INTO freshet_repair (log, user_id, state) VALUES (1, '" + HEAVY + "', 'done')");
        List<String> history = historyOf(OTHER);
        assertThat(placesWith(proof(HEAVY)))
                .containsExactlyInAnyOrder(
                        "topic " + pipeline.name() + ".changes.g1",
                        "topic " + pipeline.name() + ".features.g1",
                        "topic " + pipeline.name() + ".features-job.g1-users-changelog",
                        "topic " + pipeline.name() + ".features-job.g1-orders-changelog",
                        "topic " + pipeline.name() + ".features-job.g1-timeline-changelog",
                        "topic " + pipeline.name() + ".dead-letters",
                        "table freshet_repair",
                        "table freshet_sink_lost",
                        "table freshet_sink_waiting",
                        "table user_features_history");

        Pipeline.Ended erased = erase(HEAVY, "--prove", "--json");
        assertThat(erased.code()).as(erased.output() + pipeline.log()).isZero();
        assertThat(erased.output())
                .contains("\"found\" : 0,")
                .contains("\"dead_letters\" : 1,")
                .contains("\"blanked_dead_letters\" : 1");
        assertThat(new Canaries(SharedServers.get(), pipeline, shop).of(HEAVY)).isEmpty();
        assertThat(historyOf(OTHER)).isEqualTo(history);
        assertThat(altered()).isEmpty();
        Truth.assertTableIsTheTruth(database, pipeline);
        assertThat(erase(HEAVY, "--prove").output())
                .as("again")
                .contains("0 entries, 0 rows and 0 dead letters removed", "nothing is left");
    }

    @Test
    @Order(4)
    void whoComesBackIsAUserLikeAnyOther() throws Exception {
        insertUser(HEAVY);
        insertOrders(HEAVY, 50);
        Truth.assertTableIsTheTruth(database, pipeline);
        pipeline.process(Pipeline.Part.ALL).stop(PATIENCE);
        pipeline.start(Pipeline.Part.ALL, Map.of());
        insertOrders(HEAVY, 1);
        Truth.assertTableIsTheTruth(database, pipeline);
        assertThat(pipeline.output(Pipeline.Part.ALL)).contains("a user was erased: state is restored");
    }

    @Test
    @Order(5)
    void filesOfStateThatNoTaskUsesAreToldOf() throws Exception {
        pipeline.start(Pipeline.Part.STREAMS, 2, Map.of());
        await("the second instance has a partition").atMost(PATIENCE).until(() -> !partitionsOf("instance-2")
                .isEmpty());
        int partition = partitionsOf("instance-2").get(0);
        while (UserPartition.of(Id.of(moved), PARTITIONS) != partition) {
            moved++;
        }
        insertUser(moved);
        insertOrders(moved, 3);
        Truth.assertTableIsTheTruth(database, pipeline);
        sql("DELETE FROM orders WHERE user_id = " + moved);
        sql("DELETE FROM users WHERE id = " + moved);

        Pipeline.Ended erased = erase(moved, "--patience", "30s");
        assertThat(erased.code()).as(erased.output() + pipeline.log()).isEqualTo(78);
        assertThat(erased.output())
                .contains("instance one of generation 1 keeps files of partition " + partition + " that no task uses");
        assertThat(altered()).isEmpty();
        pipeline.process(Pipeline.Part.ALL).stop(PATIENCE);
        pipeline.start(Pipeline.Part.ALL, Map.of());
    }

    @Test
    @Order(6)
    void anErasureThatWasInterruptedIsGoneOnWithAndPutsTheSettingsBack() throws Exception {
        try (ChildJvm command = pipeline.command("erase", "--yes", "--user", Long.toString(moved))) {
            await("the settings are altered").atMost(PATIENCE).until(() -> !altered()
                    .isEmpty());
            command.stop(PATIENCE);
            assertThat(altered()).as("after SIGTERM").isEmpty();
        }
        try (ChildJvm command = pipeline.command("erase", "--user", Long.toString(moved), "--yes")) {
            await("the settings are altered").atMost(PATIENCE).until(() -> !altered()
                    .isEmpty());
            command.killHard();
        }
        assertThat(altered()).as("after SIGKILL").isNotEmpty();
        try (ChildJvm command = pipeline.command("replay", "start")) {
            assertThat(command.exitCode(PATIENCE)).isEqualTo(78);
            assertThat(command.output()).contains("a user is being erased");
        }

        try (ChildJvm command =
                pipeline.command("erase", "--user", Long.toString(moved), "--yes", "--prove", "--json")) {
            await("topics are compacted").atMost(PATIENCE).until(() -> command.output()
                    .contains("compacting"));
            pipeline.instance(Pipeline.Part.STREAMS, 2).killHard();
            assertThat(command.exitCode(PATIENCE))
                    .as(command.output() + pipeline.log())
                    .isZero();
            assertThat(command.output()).contains("an interrupted erasure had altered");
        }
        assertThat(pipeline.output(Pipeline.Part.ALL))
                .as("a copy that was filled while topics were compacted is filled anew")
                .contains("state may be older than an erasure");
        assertThat(altered()).isEmpty();
        assertThat(new Canaries(SharedServers.get(), pipeline, shop).of(moved)).isEmpty();
        Truth.assertTableIsTheTruth(database, pipeline);
    }

    private List<Integer> partitionsOf(String instance) throws Exception {
        return admin.describeConsumerGroups(List.of(pipeline.name() + ".features-job.g1")).all().get().values().stream()
                .flatMap(group -> group.members().stream())
                .filter(member -> member.groupInstanceId().orElse("").startsWith(instance + "-"))
                .flatMap(member -> member.assignment().topicPartitions().stream())
                .map(TopicPartition::partition)
                .toList();
    }

    private Pipeline.Ended erase(long user, String... options) {
        List<String> words = new ArrayList<>(List.of("erase", "--user", Long.toString(user), "--yes"));
        words.addAll(List.of(options));
        long begun = Time.system().nanoTime();
        Pipeline.Ended erased = pipeline.run(Map.of(), PATIENCE, words.toArray(String[]::new));
        System.out.println("erase exit=" + erased.code() + " took="
                + Duration.ofNanos(Time.system().nanoTime() - begun).toMillis() + " ms");
        return erased;
    }

    private Proof proof(long user) throws Exception {
        try (Connection target = database.connect();
                Erasure erasure = new Erasure(
                        pipeline.config(), Id.of(user), new Erasure.Databases(shop, target), PATIENCE, Time.system())) {
            return erasure.prove(new Erasure.Telling() {
                @Override
                public void step(String what) {}

                @Override
                public void at(long done, long total) {}
            });
        }
    }

    private static List<String> placesWith(Proof proof) {
        return proof.places().stream()
                .filter(place -> place.found() > 0)
                .map(Place::name)
                .toList();
    }

    /** Topics whose settings are those of a compaction that is being forced. */
    private List<String> altered() throws Exception {
        List<ConfigResource> topics = admin.listTopics().names().get().stream()
                .filter(topic -> topic.startsWith(pipeline.name() + "."))
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        return admin.describeConfigs(topics).all().get().entrySet().stream()
                .filter(one -> one.getValue().get("segment.ms").value().equals("500")
                        || one.getValue().get("delete.retention.ms").value().equals("0"))
                .map(one -> one.getKey().name())
                .toList();
    }

    private List<String> historyOf(long user) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = shop.createStatement();
                ResultSet found = statement.executeQuery("SELECT h::text FROM user_features_history h WHERE user_id = "
                        + user + " ORDER BY version, held_from")) {
            while (found.next()) {
                rows.add(found.getString(1));
            }
        }
        return rows;
    }

    private void insertUser(long id) throws SQLException {
        sql("INSERT INTO users (id, email) VALUES (" + id + ", 'u" + id + "')");
    }

    private void insertOrders(long user, int count) throws SQLException {
        sql("INSERT INTO orders (user_id, total, created_at) SELECT " + user
                + ", n, now() - n * interval '1 hour' FROM generate_series(1, " + count + ") n");
    }

    private void sql(String sql) throws SQLException {
        try (Statement statement = shop.createStatement()) {
            statement.execute(sql);
        }
    }
}
