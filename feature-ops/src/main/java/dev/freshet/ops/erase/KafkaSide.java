package dev.freshet.ops.erase;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.ErasureRegister.Setting;
import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.runtime.lifecycle.Diagnosis;
import dev.freshet.runtime.lifecycle.Quoted;
import dev.freshet.runtime.lifecycle.Stop;

/** What an erasure asks of the brokers' administration, and alters there. */
final class KafkaSide implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KafkaSide.class);
    private static final long PATIENCE_SECONDS = 60;

    private static final Set<GroupState> SETTLED = Set.of(GroupState.STABLE, GroupState.EMPTY, GroupState.DEAD);

    /** Kafka Streams adds a thread's number to the instance's id. */
    private static final Pattern THREAD = Pattern.compile("-\\d+$");

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

    /** The instances that are in a group; empty while that is about to change, or one of them is not a static member. */
    Optional<Set<String>> instances(String group) throws InterruptedException {
        ConsumerGroupDescription description;
        try {
            description = await(admin.describeConsumerGroups(List.of(group)).all())
                    .values()
                    .iterator()
                    .next();
        } catch (GroupIdNotFoundException e) {
            return Optional.of(Set.of());
        }
        Set<String> instances = new TreeSet<>();
        for (MemberDescription member : description.members()) {
            Optional<String> id = member.groupInstanceId();
            if (id.isEmpty()) {
                return Optional.empty();
            }
            instances.add(THREAD.matcher(id.get()).replaceFirst(""));
        }
        return SETTLED.contains(description.groupState()) ? Optional.of(instances) : Optional.empty();
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

    /**
     * Makes these the topics' own, of all topics where that is possible; a topic that is gone needs none.
     *
     * @throws Stop the first reason why it was not possible of one
     */
    void set(Collection<Setting> settings) throws InterruptedException {
        set(settings, topic -> {});
    }

    /**
     * The same.
     *
     * @param done is told of each topic as soon as it has them, also where another one fails
     */
    void set(Collection<Setting> settings, Consumer<String> done) throws InterruptedException {
        alter(settings, false, done);
    }

    /**
     * Alters nothing.
     *
     * @throws Stop the reason why these could not be set
     */
    void requireCanSet(Collection<Setting> settings) throws InterruptedException {
        alter(settings, true, topic -> {});
    }

    private void alter(Collection<Setting> settings, boolean isTrial, Consumer<String> done)
            throws InterruptedException {
        Map<String, List<AlterConfigOp>> byTopic = new TreeMap<>();
        for (Setting setting : settings) {
            byTopic.computeIfAbsent(setting.topic(), any -> new ArrayList<>())
                    .add(new AlterConfigOp(
                            new ConfigEntry(setting.key(), setting.value()),
                            setting.value() == null ? OpType.DELETE : OpType.SET));
        }
        AlterConfigsOptions options = new AlterConfigsOptions().validateOnly(isTrial);
        Stop first = null;
        for (Map.Entry<String, List<AlterConfigOp>> one : byTopic.entrySet()) {
            try {
                await(admin.incrementalAlterConfigs(Map.of(resource(one.getKey()), one.getValue()), options)
                        .all());
                done.accept(one.getKey());
            } catch (UnknownTopicOrPartitionException e) {
                log.info("gone meanwhile topic={}", one.getKey());
            } catch (Stop e) {
                log.warn("settings stay as they are topic={} reason={}", one.getKey(), Quoted.of(e.getMessage()));
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static <T> T await(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException
                    || e.getCause() instanceof GroupIdNotFoundException) {
                throw (ApiException) e.getCause();
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
