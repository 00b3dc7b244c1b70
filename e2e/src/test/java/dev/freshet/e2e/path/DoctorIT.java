package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.e2e.path.Pipeline.Part;
import dev.freshet.e2e.shop.Shop;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.testkit.process.ChildJvm;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** What {@code freshet doctor} finds in a system that runs, and that what it prints with each finding mends it. */
class DoctorIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** What the command of Ends of the road is, as it is told. */
    private static final Pattern REBUILD = Pattern.compile("freshet (replay start [a-z -]+) --config \\S+; then start");

    private final SharedServers servers = SharedServers.get();
    private Database database;
    private Pipeline pipeline;
    private FreshetConfig config;

    @BeforeEach
    void prepare() {
        database = servers.newDatabase();
        pipeline = Pipeline.of(servers, database);
        config = pipeline.config();
    }

    @AfterEach
    void stop() {
        pipeline.close();
    }

    @Test
    void allThatIsWrongIsFoundAtOnceAndMendedByWhatIsPrintedWithIt() throws Exception {
        try (Shop shop = new Shop(database, new SplittableRandom(1));
                Connection connection = database.connect()) {
            transact(shop);
            pipeline.startAll();
            Truth.assertTableIsTheTruth(database, pipeline);
            assertThat(Doctor.errors(pipeline, Map.of(), 0)).isEmpty();

            spoilSource(connection);
            spoilTarget(connection);
            spoilTopic();
            assertThat(pipeline.process(Part.INGEST).exitCode(PATIENCE)).isEqualTo(78);
            transact(shop); // what the log lacks now
            List<Doctor.Finding> found = Doctor.errors(pipeline, Map.of(), 1);
            assertThat(found)
                    .extracting(Doctor.Finding::subject)
                    .containsExactly("source", "source", "source", "target", "target", "kafka");
            assertThat(found)
                    .extracting(Doctor.Finding::what)
                    .satisfiesExactly(
                            what -> assertThat(what)
                                    .startsWith(
                                            "Table public.orders has a replica identity that does not hold user_id"),
                            what -> assertThat(what)
                                    .isEqualTo("Publication " + config.names().publication()
                                            + " lacks the table public.orders"),
                            what -> assertThat(what)
                                    .startsWith("The tables are not as they were when generation 1 was begun: "),
                            what -> assertThat(what)
                                    .startsWith("public.user_features has the columns [user_id bigint,"),
                            what -> assertThat(what)
                                    .isEqualTo(
                                            "public.user_features_g1 has the column order_count_7d of type bigint, not int"),
                            what -> assertThat(what)
                                    .isEqualTo(config.names().features(1)
                                            + ": retention.ms is 3600000, and has to be -1"));

            for (Doctor.Finding finding : found) {
                mend(finding.cure(), connection);
            }
            rebuild(found);
            await("live").atMost(PATIENCE).until(() -> text(
                            connection, "SELECT generation FROM freshet_generation WHERE state = 'live'")
                    .equals("2"));
            Truth.assertTableIsTheTruth(database, pipeline);
            assertThat(Doctor.errors(pipeline, Map.of(), 0)).isEmpty();
        }
    }

    private void spoilSource(Connection connection) throws SQLException {
        run(connection, "ALTER PUBLICATION " + config.names().publication() + " DROP TABLE orders");
        run(connection, "ALTER TABLE orders REPLICA IDENTITY DEFAULT");
    }

    /** As somebody does who wants greater counts. */
    private static void spoilTarget(Connection connection) throws SQLException {
        run(connection, """
                BEGIN;
                DROP VIEW user_features;
                ALTER TABLE user_features_g1 ALTER order_count_7d TYPE bigint;
                CREATE VIEW user_features AS SELECT *, 1 AS epoch FROM user_features_g1;
                COMMIT""");
    }

    private void spoilTopic() throws Exception {
        ConfigResource topic =
                new ConfigResource(ConfigResource.Type.TOPIC, config.names().features(1));
        AlterConfigOp hour = new AlterConfigOp(new ConfigEntry("retention.ms", "3600000"), AlterConfigOp.OpType.SET);
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", servers.kafka().bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(hour))).all().get();
        }
    }

    /** Where it is printed as it is to be run: in psql, or in a shell. */
    private static void mend(String cure, Connection connection) throws SQLException {
        if (cure.startsWith("kafka-configs.sh ")) {
            String[] words = cure.substring(0, cure.indexOf("  #")).split(" ");
            try (ChildJvm command = ChildJvm.running("kafka.admin.ConfigCommand")
                    .arguments(List.of(words).subList(1, words.length).toArray(String[]::new))
                    .start()) {
                assertThat(command.exitCode(PATIENCE)).as(command.output()).isZero();
            }
        } else if (!REBUILD.matcher(cure).find()) {
            run(connection, cure);
        }
    }

    /** What is left to do once all else is mended. */
    private void rebuild(List<Doctor.Finding> found) {
        List<String> commands = found.stream()
                .map(finding -> REBUILD.matcher(finding.cure()))
                .filter(Matcher::find)
                .map(command -> command.group(1))
                .toList();
        assertThat(commands).containsExactly("replay start --from-source --go-live");
        Pipeline.Ended rebuild =
                pipeline.run(Map.of(), PATIENCE, commands.get(0).split(" "));
        assertThat(rebuild.code()).as(rebuild.output()).isZero();
        for (Part part : Part.PROCESSES) {
            if (!pipeline.process(part).isAlive()) {
                pipeline.start(part, Map.of());
            }
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private static void transact(Shop shop) throws SQLException {
        for (int i = 0; i < 100; i++) {
            shop.transact();
        }
    }
}
