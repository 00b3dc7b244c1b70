package dev.freshet.e2e.path;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.schemas.Names;
import dev.freshet.testkit.servers.Broker;

/** Entries of the change log of a generation, each of them read: the marks that end transactions take offsets, too, and are none. */
final class LogEntries implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Names names;
    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;

    LogEntries(FreshetConfig config, Broker broker) {
        names = config.names();
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()));
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Where its job would go on reading each partition: behind what it has committed, or at the beginning. */
    Map<TopicPartition, Long> committed(Generation generation) throws Exception {
        Map<TopicPartition, Long> offsets = new HashMap<>(consumer.beginningOffsets(partitions(generation)));
        admin.listConsumerGroupOffsets(names.application(generation.number()))
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        offsets.replace(partition, offset.offset());
                    }
                });
        return offsets;
    }

    /** How many there are before these offsets. */
    long before(Map<TopicPartition, Long> offsets) {
        return count(consumer.beginningOffsets(offsets.keySet()), offsets);
    }

    /** How many there are from these offsets on, by now. */
    long from(Map<TopicPartition, Long> offsets) {
        return count(offsets, consumer.endOffsets(offsets.keySet()));
    }

    private long count(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
        consumer.assign(begins.keySet());
        begins.forEach(consumer::seek);
        long entries = 0;
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(POLL)) {
                boolean isBefore =
                        entry.offset() < ends.getOrDefault(new TopicPartition(entry.topic(), entry.partition()), 0L);
                entries += isBefore ? 1 : 0;
            }
        }
        return entries;
    }

    private List<TopicPartition> partitions(Generation generation) {
        String topic = names.changes(generation.log().number());
        return IntStream.range(0, generation.partitions())
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList();
    }

    @Override
    public void close() {
        consumer.close();
        admin.close();
    }
}
