package dev.freshet.e2e.path;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.schemas.Names;
import dev.freshet.testkit.servers.Broker;

/** Places in the change log of a generation, as sums over its partitions, whose first offsets are 0. */
final class LogOffsets implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Names names;
    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;

    LogOffsets(FreshetConfig config, Broker broker) {
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

    private List<TopicPartition> partitions(Generation generation) {
        String topic = names.changes(generation.log().number());
        return IntStream.range(0, generation.partitions())
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList();
    }

    /** What its job has committed as read. */
    long committed(Generation generation) throws Exception {
        return admin
                .listConsumerGroupOffsets(names.application(generation.number()))
                .partitionsToOffsetAndMetadata()
                .get()
                .values()
                .stream()
                .mapToLong(offset -> offset.offset())
                .sum();
    }

    long end(Generation generation) {
        return consumer.endOffsets(partitions(generation)).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** How many entries there are: the marks that end transactions take offsets, too, and are none. */
    long entries(Generation generation) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions(generation));
        consumer.assign(ends.keySet());
        consumer.seekToBeginning(ends.keySet());
        long entries = 0;
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            entries += consumer.poll(POLL).count();
        }
        return entries;
    }

    @Override
    public void close() {
        consumer.close();
        admin.close();
    }
}
