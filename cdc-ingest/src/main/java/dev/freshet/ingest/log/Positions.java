package dev.freshet.ingest.log;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.avro.RegistryAvro;
import dev.freshet.schemas.record.IngestPosition;

/** Reads the position of a generation from the topic of positions. */
public final class Positions {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Positions() {}

    /**
     * To be called behind initTransactions: only then is the end of the topic final, and no zombie can append behind it.
     *
     * @param consumer reads committed, and is assigned nothing yet
     */
    public static Optional<IngestPosition> read(
            Consumer<byte[], byte[]> consumer,
            String topic,
            RegistryAvro<IngestPosition> codec,
            int generation,
            Time time) {
        TopicPartition partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        Map<TopicPartition, Long> ends = consumer.endOffsets(List.of(partition));
        long end = ends.getOrDefault(partition, 0L);
        long deadline = time.nanoTime() + PATIENCE.toNanos();
        @Nullable IngestPosition found = null;
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                IngestPosition position = record.value() == null ? null : codec.decode(record.value());
                if (position != null && position.generation() == generation) {
                    found = position;
                }
            }
            if (time.nanoTime() > deadline) {
                throw new Stop.Restart("cannot read topic=" + topic + " up to offset=" + end + " within " + PATIENCE);
            }
        }
        return Optional.ofNullable(found);
    }

    /** The key of a generation's positions. */
    static byte[] key(int generation) {
        return Integer.toString(generation).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }
}
