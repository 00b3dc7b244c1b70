package dev.freshet.ops.erase;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;

/** Reads partitions from their beginnings, also what was never committed. */
final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Time time;

    TopicReader(FreshetConfig config, Time time) {
        Map<String, Object> properties = new ClientProperties(config.kafka()).consumer("freshet-erase");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.time = time;
    }

    /**
     * Visits every entry up to the ends of now.
     *
     * @param progress is told how many were read
     * @return how many there were
     * @throws Stop.Restart if nothing comes for a minute
     */
    long read(
            Collection<TopicPartition> partitions,
            Consumer<ConsumerRecord<byte[], byte[]>> visitor,
            LongConsumer progress) {
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long read = 0;
        long came = time.nanoTime();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (record.offset() < ends.getOrDefault(partition(record), 0L)) {
                    visitor.accept(record);
                    read++;
                }
            }
            progress.accept(read);
            if (!records.isEmpty()) {
                came = time.nanoTime();
            } else if (time.nanoTime() - came > SILENCE.toNanos()) {
                throw new Stop.Restart("nothing is read of " + partitions + " any more");
            }
        }
        return read;
    }

    private static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    /** Whether compaction has removed the entry of this offset. False also if nobody tells. */
    boolean isGone(TopicPartition partition, long offset) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, offset);
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
            return record.offset() != offset;
        }
        return consumer.position(partition) > offset;
    }

    /** How many partitions a topic has. */
    int partitions(String topic) {
        return consumer.partitionsFor(topic).size();
    }

    /** Where partitions end. */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
        consumer.assign(partitions); // it warns about answers for others
        return consumer.endOffsets(partitions);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
