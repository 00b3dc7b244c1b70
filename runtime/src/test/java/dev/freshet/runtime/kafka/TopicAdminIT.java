package dev.freshet.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.config.KafkaSettings;
import dev.freshet.runtime.config.RegistrySettings;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;
import dev.freshet.testkit.servers.Broker;
import dev.freshet.testkit.servers.SharedServers;

class TopicAdminIT {
    private static final Broker BROKER = SharedServers.get().kafka();

    private static Admin admin;
    private static Topics topics;

    @BeforeAll
    static void start() {
        KafkaSettings kafka = new KafkaSettings(
                BROKER.bootstrapServers(), 4, 1, Map.of(), new RegistrySettings("http://none", Map.of()));
        admin = Admin.create(new ClientProperties(kafka).admin("test"));
        topics = new Topics(new Names("shop"), kafka);
    }

    @AfterAll
    static void stop() {
        admin.close();
    }

    @Test
    void createsWhatIsMissingAndAcceptsWhatIsThere() throws Exception {
        List<TopicSpec> all =
                List.of(topics.changes(1, 4), topics.features(1, 4), topics.positions(), topics.deadLetters());
        ensure(all);
        ensure(all);
        assertThat(admin.listTopics().names().get())
                .contains("shop.changes.g1", "shop.features.g1", "shop.positions", "shop.dead-letters");
        assertThat(admin.describeTopics(List.of("shop.changes.g1"))
                        .allTopicNames()
                        .get()
                        .get("shop.changes.g1")
                        .partitions())
                .hasSize(4);
        Config config = config("shop.changes.g1");
        assertThat(config.get("cleanup.policy").value()).isEqualTo("compact");
        assertThat(config.get("min.compaction.lag.ms").value()).isEqualTo("604800000");
        assertThat(config.get("delete.retention.ms").value()).isEqualTo("604800000");
    }

    @Test
    void saysEachDifferenceOfAnExistingTopic() {
        BROKER.createTopic(
                "shop.changes.g2", 3, Map.of("cleanup.policy", "delete", "min.compaction.lag.ms", "864000000"));
        assertThatThrownBy(() -> ensure(List.of(topics.changes(2, 4))))
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContainingAll(
                        "shop.changes.g2: has 3 partitions instead of 4",
                        "shop.changes.g2: cleanup.policy is delete, and has to be compact",
                        "shop.changes.g2: retention.ms is 604800000, and has to be -1",
                        "shop.changes.g2: delete.retention.ms is 86400000, and has to be 604800000 or more")
                .hasMessageNotContaining("min.compaction.lag.ms");
    }

    @Test
    void whatTheOperatorMayTuneIsNotHeldAgainstIt() throws Exception {
        BROKER.createTopic("other.positions", 1, Map.of("cleanup.policy", "compact", "segment.bytes", "1048576"));
        KafkaSettings kafka = new KafkaSettings(
                BROKER.bootstrapServers(), 4, 1, Map.of(), new RegistrySettings("http://none", Map.of()));
        ensure(List.of(new Topics(new Names("other"), kafka).positions()));
        assertThat(config("other.positions").get("segment.bytes").value()).isEqualTo("1048576");
    }

    @Test
    void theEndOfAnErasureIsWaitedFor() throws Exception {
        List<TopicSpec> spec = List.of(topics.features(3, 1));
        ensure(spec);
        alter("0");
        CompletableFuture<Void> begun = CompletableFuture.runAsync(() -> {
            try {
                ensure(spec);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        await("waiting").during(Duration.ofSeconds(1)).until(() -> !begun.isDone());
        alter("604800000");
        begun.get(30, TimeUnit.SECONDS);
    }

    private static void alter(String retention) throws Exception {
        AlterConfigOp set =
                new AlterConfigOp(new ConfigEntry("delete.retention.ms", retention), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(
                        Map.of(new ConfigResource(ConfigResource.Type.TOPIC, "shop.features.g3"), List.of(set)))
                .all()
                .get();
    }

    private static void ensure(List<TopicSpec> specs) throws InterruptedException {
        new TopicAdmin(admin, Time.system()).ensure(specs);
    }

    private static Config config(String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource)).all().get().get(resource);
    }
}
