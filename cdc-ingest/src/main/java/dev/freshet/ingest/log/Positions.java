package dev.freshet.ingest.log;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.avro.RegistryAvro;
import dev.freshet.schemas.avro.UndecodableException;
import dev.freshet.schemas.record.IngestPosition;

/** Reads positions from their topic. */
public final class Positions {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Where the newest one stands, in all probability; marks of transactions have offsets too. */
    private static final long TAIL = 1_000;

    private Positions() {}

    /**
     * The newest position of those before an end. One that cannot be read is passed over if a newer one can.
     *
     * @param consumer reads committed, and is assigned nothing yet
     * @param generation of a log; empty for any
     * @param end up to where: waits until all before it is committed or aborted
     * @return empty if there is none, or no such topic
     * @throws Stop.Operator if the newest of that log cannot be read: to begin anew in silence would hide that something is lost
     */
    public static Optional<IngestPosition> newest(
            Consumer<byte[], byte[]> consumer,
            String topic,
            RegistryAvro<IngestPosition> codec,
            OptionalInt generation,
            ToLongFunction<TopicPartition> end,
            Time time) {
        if (consumer.partitionsFor(topic).isEmpty()) {
            return Optional.empty();
        }
        TopicPartition partition = new TopicPartition(topic, 0);
        List<TopicPartition> partitions = List.of(partition);
        consumer.assign(partitions);
        long begin = consumer.beginningOffsets(partitions).getOrDefault(partition, 0L);
        long last = end.applyAsLong(partition);
        long tail = Math.max(begin, last - TAIL);
        consumer.seek(partition, tail);
        @Nullable IngestPosition found = last(consumer, partition, last, codec, generation, time);
        if (found == null && tail > begin) {
            consumer.seek(partition, begin);
            found = last(consumer, partition, last, codec, generation, time);
        }
        return Optional.ofNullable(found);
    }

    private static @Nullable IngestPosition last(
            Consumer<byte[], byte[]> consumer,
            TopicPartition partition,
            long end,
            RegistryAvro<IngestPosition> codec,
            OptionalInt generation,
            Time time) {
        long deadline = time.nanoTime() + PATIENCE.toNanos();
        @Nullable IngestPosition found = null;
        @Nullable Stop unreadable = null;
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.value() == null
                        || (generation.isPresent() && !Arrays.equals(record.key(), key(generation.getAsInt())))) {
                    continue;
                }
                try {
                    found = codec.decode(record.value());
                    unreadable = null;
                } catch (UndecodableException e) {
                    unreadable = new Stop.Operator(
                            "the position of ingest at " + partition + " offset=" + record.offset()
                                    + " cannot be read: " + e.getMessage(),
                            Generations.REBUILD,
                            e);
                }
            }
            if (time.nanoTime() > deadline) {
                throw new Stop.Restart("cannot read " + partition + " up to offset=" + end + " within " + PATIENCE);
            }
        }
        if (unreadable != null && generation.isPresent()) {
            throw unreadable;
        }
        return found;
    }

    /** The key of a generation's positions. */
    static byte[] key(int generation) {
        return Integer.toString(generation).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }
}
