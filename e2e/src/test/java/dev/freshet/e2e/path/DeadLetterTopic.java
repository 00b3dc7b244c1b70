package dev.freshet.e2e.path;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import dev.freshet.schemas.Names;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.avro.RegistryAvro;
import dev.freshet.schemas.avro.RegistryClients;
import dev.freshet.schemas.record.DeadLetter;
import dev.freshet.testkit.servers.SharedServers;

/** Reads the dead letters of a deployment, all that are committed by now. */
final class DeadLetterTopic {
    private final String topic;
    private final String bootstrapServers;
    private final RegistryAvro<DeadLetter> values;

    DeadLetterTopic(SharedServers servers, Names names) {
        topic = names.deadLetters();
        bootstrapServers = servers.kafka().bootstrapServers();
        values = new RegistryAvro<>(
                RegistryClients.open(servers.registry().url(), Map.of()),
                Names.subject(topic),
                FreshetAvro.deadLetters());
    }

    List<DeadLetter> read() {
        return values(bootstrapServers, topic).stream().map(values::decode).toList();
    }

    /** The value of every record that is committed by now. */
    static List<byte[]> values(String bootstrapServers, String topic) {
        List<byte[]> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }
}
