package dev.freshet.ops.replay;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.schemas.Names;

/** What a replay asks of Kafka, and removes from it. */
public final class KafkaSide implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KafkaSide.class);

    private final Names names;
    private final ClientProperties clients;
    private final Admin admin;

    public KafkaSide(FreshetConfig config) {
        names = config.names();
        clients = new ClientProperties(config.kafka());
        admin = Admin.create(clients.admin("freshet-replay"));
    }

    /**
     * How much of a topic has been read.
     *
     * @param done offsets behind the position, of all partitions
     * @param total offsets of all partitions, as of now
     */
    record Consumed(long done, long total) {}

    /** The positions that a group has committed, by partition; empty if there is no such group. */
    Map<Integer, Long> committed(String group) throws InterruptedException {
        Map<Integer, Long> positions = new HashMap<>();
        try {
            await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .forEach((partition, offset) -> {
                        if (offset != null) {
                            positions.put(partition.partition(), offset.offset());
                        }
                    });
        } catch (GroupIdNotFoundException e) {
            return Map.of();
        }
        return positions;
    }

    /** Nothing, of nothing, if there is no such topic. */
    Consumed consumed(String topic, Map<Integer, Long> positions) throws InterruptedException {
        Set<TopicPartition> partitions = new HashSet<>();
        try {
            for (TopicDescription described :
                    await(admin.describeTopics(List.of(topic)).allTopicNames()).values()) {
                described.partitions().forEach(one -> partitions.add(new TopicPartition(topic, one.partition())));
            }
        } catch (UnknownTopicOrPartitionException e) {
            return new Consumed(0, 0);
        }
        Map<Integer, Long> begins = offsets(partitions, OffsetSpec.earliest());
        Map<Integer, Long> ends = offsets(partitions, OffsetSpec.latest());
        long done = 0;
        long total = 0;
        for (TopicPartition one : partitions) {
            long begin = begins.getOrDefault(one.partition(), 0L);
            long end = ends.getOrDefault(one.partition(), begin);
            total += end - begin;
            done += Math.max(0, positions.getOrDefault(one.partition(), 0L) - begin);
        }
        return new Consumed(Math.min(done, total), total);
    }

    private Map<Integer, Long> offsets(Set<TopicPartition> partitions, OffsetSpec spec) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(one -> wanted.put(one, spec));
        Map<Integer, Long> offsets = new HashMap<>();
        await(admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                        .all())
                .forEach((partition, found) -> offsets.put(partition.partition(), found.offset()));
        return offsets;
    }

    /** Whether anybody is a member of the group. */
    boolean isUsed(String group) throws InterruptedException {
        try {
            return await(admin.describeConsumerGroups(List.of(group)).all()).values().stream()
                    .anyMatch(description -> !description.members().isEmpty());
        } catch (GroupIdNotFoundException e) {
            return false;
        }
    }

    /** Removes the group and what it has committed, if it is there. */
    void deleteGroup(String group) throws InterruptedException {
        try {
            await(admin.deleteConsumerGroups(List.of(group)).all());
        } catch (GroupIdNotFoundException e) {
            log.debug("gone already group={}", group);
        }
    }

    /** All topics, by their names. */
    Set<String> topics() throws InterruptedException {
        return await(admin.listTopics().names());
    }

    /** Removes the topics that are there. */
    void deleteTopics(Collection<String> topics) throws InterruptedException {
        for (String topic : topics) {
            try {
                await(admin.deleteTopics(List.of(topic)).all());
            } catch (UnknownTopicOrPartitionException e) {
                log.debug("gone already topic={}", topic);
            }
        }
    }

    /** Removes what ingest has noted of a change log that it does not feed any more. */
    void deletePosition(int changeLog) throws InterruptedException {
        byte[] key = Integer.toString(changeLog).getBytes(StandardCharsets.US_ASCII);
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                clients.producer("freshet-replay"), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(names.positions(), 0, key, null)).get();
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        }
    }

    private static <T> T await(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException kafka) {
                throw kafka;
            }
            throw new KafkaException(e.getCause());
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
