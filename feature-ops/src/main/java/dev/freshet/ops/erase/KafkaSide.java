package dev.freshet.ops.erase;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.ErasureRegister.Setting;
import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.runtime.lifecycle.Diagnosis;
import dev.freshet.runtime.lifecycle.Stop;

/** What an erasure asks of the brokers' administration, and alters there. */
final class KafkaSide implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KafkaSide.class);
    private static final long PATIENCE_SECONDS = 60;

    private final Admin admin;

    KafkaSide(FreshetConfig config) {
        admin = Admin.create(new ClientProperties(config.kafka()).admin("freshet-erase"));
    }

    /** All topics, by their names. */
    Set<String> topics() throws InterruptedException {
        return await(admin.listTopics().names());
    }

    /** The positions that a group has committed, by partition. */
    Map<Integer, Long> committed(String group) throws InterruptedException {
        Map<Integer, Long> positions = new HashMap<>();
        await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        positions.put(partition.partition(), offset.offset());
                    }
                });
        return positions;
    }

    /** What these topics have of their own for these keys. */
    List<Setting> settings(Collection<String> topics, Collection<String> keys) throws InterruptedException {
        List<Setting> settings = new ArrayList<>();
        for (String topic : topics) {
            Config config = await(
                            admin.describeConfigs(List.of(resource(topic))).all())
                    .values()
                    .iterator()
                    .next();
            for (String key : keys) {
                ConfigEntry entry = config.get(key);
                boolean isOwn = entry != null && entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG;
                settings.add(new Setting(topic, key, isOwn ? entry.value() : null));
            }
        }
        return settings;
    }

    /** Makes these the topics' own; a topic that is gone needs none. */
    void set(Collection<Setting> settings) throws InterruptedException {
        Map<String, List<AlterConfigOp>> byTopic = new HashMap<>();
        for (Setting setting : settings) {
            byTopic.computeIfAbsent(setting.topic(), any -> new ArrayList<>())
                    .add(new AlterConfigOp(
                            new ConfigEntry(setting.key(), setting.value()),
                            setting.value() == null ? OpType.DELETE : OpType.SET));
        }
        for (Map.Entry<String, List<AlterConfigOp>> one : byTopic.entrySet()) {
            try {
                await(admin.incrementalAlterConfigs(Map.of(resource(one.getKey()), one.getValue()))
                        .all());
            } catch (UnknownTopicOrPartitionException e) {
                log.info("gone meanwhile topic={}", one.getKey());
            }
        }
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static <T> T await(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException unknown) {
                throw unknown;
            }
            throw Diagnosis.stop(e).orElseGet(() -> new Stop.Restart("Kafka does not do it: " + e.getMessage(), e));
        } catch (TimeoutException e) {
            throw new Stop.Restart("Kafka does not answer within " + PATIENCE_SECONDS + " s", e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
