package dev.freshet.streams;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import dev.freshet.runtime.generation.BuildPace;
import dev.freshet.runtime.time.Time;

/**
 * A consumer that hands out the entries of a partition up to the first that is not settled, and reads that one again with the
 * next poll. Tasks wait so without a transaction, and without being begun again.
 * Between two polls it rests, if it reads for a replay.
 */
final class SettledConsumer extends KafkaConsumer<byte[], byte[]> {
    /** What waits is fetched anew each time. */
    private static final Duration REST = Duration.ofMillis(100);

    private final Predicate<byte[]> isSettled;
    private final BuildPace.Worker pace;
    private final Time time;
    private final HandedOut handedOut = new HandedOut();
    private long handedOutAt;

    SettledConsumer(Map<String, Object> config, Predicate<byte[]> isSettled, BuildPace.Worker pace, Time time) {
        super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.isSettled = isSettled;
        this.pace = pace;
        this.time = time;
        handedOutAt = time.nanoTime();
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        pace.restAfterWorkSince(handedOutAt, behind());
        ConsumerRecords<byte[], byte[]> fetched = super.poll(timeout);
        ConsumerRecords<byte[], byte[]> settled = settled(fetched, isSettled, this::seek);
        if (settled != fetched) {
            rest();
        }
        noteAges(settled);
        handedOut.add(settled);
        handedOutAt = time.nanoTime();
        return settled;
    }

    /** As far as the last fetch told. */
    private long behind() {
        return assignment().stream()
                .mapToLong(partition -> currentLag(partition).orElse(0))
                .sum();
    }

    private void noteAges(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> all = records.records(partition);
            Instant written = Instant.ofEpochMilli(all.get(all.size() - 1).timestamp());
            pace.taken(Duration.between(written, time.now()));
        }
    }

    /** {@link HandedOut#isDrained} */
    boolean isDrained(TopicPartition partition, long offset) {
        return handedOut.isDrained(partition, offset, this::assignment);
    }

    /**
     * Behind the last entry that was handed out, and not behind the mark of a transaction's end that follows. Kafka Streams
     * commits whatever moves the position; with a mark behind every few entries, half of its transactions would have nothing
     * else to commit, and what arrives meanwhile waits for them.
     */
    @Override
    public long position(TopicPartition partition) {
        return handedOut.behindLast(partition).orElseGet(() -> super.position(partition));
    }

    private void rest() {
        try {
            time.pause(REST);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * @param seek told where to go on with a partition of which something is held back
     * @return the same, if all is settled
     */
    static ConsumerRecords<byte[], byte[]> settled(
            ConsumerRecords<byte[], byte[]> fetched,
            Predicate<byte[]> isSettled,
            BiConsumer<TopicPartition, Long> seek) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> entries = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>(fetched.nextOffsets());
        boolean isHeldBack = false;
        for (TopicPartition partition : fetched.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> all = fetched.records(partition);
            int count = 0;
            while (count < all.size() && isSettled.test(all.get(count).value())) {
                count++;
            }
            if (count > 0) {
                entries.put(partition, all.subList(0, count));
            }
            if (count < all.size()) {
                ConsumerRecord<byte[], byte[]> held = all.get(count);
                isHeldBack = true;
                seek.accept(partition, held.offset());
                next.put(partition, new OffsetAndMetadata(held.offset(), held.leaderEpoch(), ""));
            }
        }
        return isHeldBack ? new ConsumerRecords<>(entries, next) : fetched;
    }
}
