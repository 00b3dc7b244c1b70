package dev.freshet.streams;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** What a consumer has given to the tasks of its thread, and whether they are done with it. For that thread only. */
final class HandedOut {
    private final Map<TopicPartition, Long> behindLast = new HashMap<>();
    private final Set<TopicPartition> unprocessed = new HashSet<>();

    void add(ConsumerRecords<byte[], byte[]> entries) {
        for (TopicPartition partition : entries.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> ofPartition = entries.records(partition);
            behindLast.put(partition, ofPartition.get(ofPartition.size() - 1).offset() + 1);
            unprocessed.add(partition);
        }
    }

    /** The offset behind the last entry of the partition; empty before there was one. */
    OptionalLong behindLast(TopicPartition partition) {
        Long behind = behindLast.get(partition);
        return behind == null ? OptionalLong.empty() : OptionalLong.of(behind);
    }

    /**
     * Notes that an entry has been processed.
     *
     * @param assigned the partitions that this thread has now: what it was given of others, others process. Only asked for
     *     with a partition's last entry, for a consumer copies the set
     * @return whether it was the last of all
     */
    boolean isDrained(TopicPartition partition, long offset, Supplier<Set<TopicPartition>> assigned) {
        if (offset + 1 < behindLast.getOrDefault(partition, Long.MAX_VALUE)) {
            return false;
        }
        unprocessed.remove(partition);
        unprocessed.retainAll(assigned.get());
        return unprocessed.isEmpty();
    }
}
