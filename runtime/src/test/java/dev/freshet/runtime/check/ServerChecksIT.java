package dev.freshet.runtime.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.ErasureRegister;
import dev.freshet.runtime.generation.ErasureRegister.Setting;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.avro.RegistryClients;
import dev.freshet.schemas.avro.RegistryUnavailableException;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

class ServerChecksIT {
    private static final Generation LIVE =
            new Generation(2, GenerationState.LIVE, 1, new Generation.Log(1, 2, "source"), true, "");

    private final SharedServers servers = SharedServers.get();
    private final String name = servers.uniqueName("checks").replace('-', '_');

    private final Database target = servers.newDatabase();

    private FreshetConfig config(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "name", name,
                "source.url", "jdbc:postgresql://localhost:1/shop",
                "source.user", "a",
                "target.url", target.jdbcUrl(),
                "target.user", target.user(),
                "target.password", target.password(),
                "kafka.bootstrap.servers", servers.kafka().bootstrapServers(),
                "schema.registry.url", servers.registry().url()));
        settings.putAll(more);
        return FreshetConfig.of(settings);
    }

    private KafkaChecks kafka(List<Generation> generations) {
        return kafka(generations, Map.of());
    }

    private KafkaChecks kafka(List<Generation> generations, Map<String, String> more) {
        return new KafkaChecks(
                config(more),
                generations,
                (topics, generation) -> List.of(topics.changelog(name + ".store", generation.partitions())),
                Time.system());
    }

    @Test
    void topicsAreHeldAgainstWhatTheyHaveToBeAndTheirSettingsAreMended() throws Exception {
        assertThat(kafka(List.of()).find()).as("none was made yet").isEmpty();
        servers.kafka().createTopic(name + ".changes.g1", 3, Map.of("cleanup.policy", "delete"));
        servers.kafka().createTopic(name + ".store", 2, Map.of("cleanup.policy", "delete"));
        assertThat(kafka(List.of(LIVE)).find())
                .extracting(Finding::what)
                .contains(
                        name + ".changes.g1: has 3 partitions instead of 2",
                        name + ".changes.g1: cleanup.policy is delete, and has to be compact",
                        name + ".store: cleanup.policy is delete, and has to be compact",
                        "Topic " + name + ".features.g2 of the live generation is gone");
        assertThat(kafka(List.of(LIVE)).find())
                .extracting(Finding::cure)
                .contains(
                        "kafka-configs.sh --bootstrap-server " + servers.kafka().bootstrapServers()
                                + " --alter --entity-type topics --entity-name " + name
                                + ".store --add-config cleanup.policy=compact  # and then compare: freshet reconcile");
        assertThat(fixed(kafka(List.of(LIVE))))
                .contains("kafka-configs.sh --alter --entity-type topics --entity-name " + name
                        + ".store --add-config cleanup.policy=compact  # and then compare: freshet reconcile");
        assertThat(kafka(List.of(LIVE)).find())
                .extracting(Finding::what)
                .containsExactly(
                        name + ".changes.g1: has 3 partitions instead of 2",
                        "Topic " + name + ".features.g2 of the live generation is gone");
    }

    /** What is set for it takes 40 s in all; an entry that is kept in between makes it last for ever. */
    @Test
    void whatAnErasureHasAlteredIsLeftToItUntilItsEnd() throws Exception {
        String topic = name + ".changes.g1";
        Map<String, String> altered = Map.of("min.compaction.lag.ms", "0", "delete.retention.ms", "0");
        servers.kafka().createTopic(topic, 2, altered);
        try (Connection connection = target.connect()) {
            new Generations(connection).createTable();
            ErasureRegister register = new ErasureRegister(connection);
            register.createTable();
            long erasure = register.begin(
                    altered.keySet().stream()
                            .map(key -> new Setting(topic, key, null))
                            .toList(),
                    List.of());

            assertThat(kafka(List.of(LIVE)).find())
                    .filteredOn(finding -> finding.what().startsWith(topic))
                    .hasSize(4)
                    .allSatisfy(finding -> assertThat(finding.cure().startsWith("kafka-configs.sh"))
                            .as("%s", finding)
                            .isEqualTo(altered.keySet().stream()
                                    .noneMatch(key -> finding.what().contains(key))));
            assertThat(fixed(kafka(List.of(LIVE)))).isEmpty();

            register.ended(erasure);
            try (Connection begun = target.connect()) {
                assertThat(new ErasureRegister(begun).lock()).isTrue();
                assertThat(fixed(kafka(List.of(LIVE))))
                        .as("one that is about to alter them")
                        .isEmpty();
            }
            assertThat(fixed(kafka(List.of(LIVE)))).hasSize(4);
        }
    }

    @Test
    void withoutTheTargetNoSettingIsMendedAndNoCureIsSaid() throws Exception {
        servers.kafka().createTopic(name + ".changes.g1", 2, Map.of());
        KafkaChecks checks = kafka(List.of(LIVE), Map.of("target.url", "jdbc:postgresql://localhost:1/shop"));
        assertThat(checks.find())
                .extracting(Finding::cure)
                .filteredOn(cure -> cure.contains("kafka-configs.sh"))
                .isEmpty();
        assertThatThrownBy(() -> fixed(checks)).isInstanceOf(SQLException.class).hasMessageContaining("cannot connect");
    }

    @Test
    void aBrokerThatDoesNotAnswerIsSaidSo() {
        KafkaChecks checks = new KafkaChecks(
                config(Map.of("kafka.bootstrap.servers", "127.0.0.1:1")),
                List.of(),
                (topics, any) -> List.of(),
                Time.system());
        assertThatThrownBy(checks::find).hasMessageContaining("no broker answers");
    }

    @Test
    void aSchemaThatTheRegistryWouldRefuseIsTold() throws Exception {
        RegistryChecks checks = new RegistryChecks(config(Map.of()), List.of(LIVE));
        assertThat(checks.find()).isEmpty();
        try (SchemaRegistryClient registry =
                RegistryClients.open(servers.registry().url(), Map.of())) {
            String subject = name + ".changes.g1-value";
            registry.register(subject, new AvroSchema("\"int\""));
            registry.updateCompatibility(subject, "BACKWARD");
        }
        assertThat(checks.find())
                .extracting(Finding::what)
                .containsExactly(
                        "The registry would refuse this version's schema under subject " + name + ".changes.g1-value");
    }

    @Test
    void aRegistryThatDoesNotAnswerIsSaidSo() {
        RegistryChecks checks =
                new RegistryChecks(config(Map.of("schema.registry.url", "http://127.0.0.1:1")), List.of());
        assertThatThrownBy(checks::find).isInstanceOf(RegistryUnavailableException.class);
    }

    private static List<String> fixed(KafkaChecks checks) throws SQLException, InterruptedException {
        List<String> done = new ArrayList<>();
        checks.fix(done::add);
        return done;
    }
}
