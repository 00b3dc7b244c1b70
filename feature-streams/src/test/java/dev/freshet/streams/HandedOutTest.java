package dev.freshet.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class HandedOutTest {
    private static final TopicPartition FIRST = new TopicPartition("log", 0);
    private static final TopicPartition SECOND = new TopicPartition("log", 1);
    private static final Set<TopicPartition> BOTH = Set.of(FIRST, SECOND);

    private final HandedOut handedOut = new HandedOut();

    @Test
    void onlyTheLastEntryOfAllPartitionsDrainsIt() {
        handedOut.add(entries(Map.of(FIRST, 5L, SECOND, 8L), 2));

        assertThat(handedOut.isDrained(FIRST, 5, () -> BOTH)).isFalse();
        assertThat(handedOut.isDrained(SECOND, 8, () -> BOTH)).isFalse();
        assertThat(handedOut.isDrained(FIRST, 6, () -> BOTH)).isFalse();
        assertThat(handedOut.isDrained(SECOND, 9, () -> BOTH)).isTrue();
    }

    @Test
    void whatCameMeanwhileHasToBeProcessedToo() {
        handedOut.add(entries(Map.of(FIRST, 5L), 1));
        handedOut.add(entries(Map.of(FIRST, 6L), 1));

        assertThat(handedOut.isDrained(FIRST, 5, () -> BOTH)).isFalse();
        assertThat(handedOut.isDrained(FIRST, 6, () -> BOTH)).isTrue();
    }

    @Test
    void aPartitionThatWentToAnotherIsNotWaitedFor() {
        handedOut.add(entries(Map.of(FIRST, 5L, SECOND, 8L), 1));

        assertThat(handedOut.isDrained(FIRST, 5, () -> Set.of(FIRST))).isTrue();
    }

    /** Kafka Streams would commit for the mark of a transaction's end alone. */
    @Test
    void thePositionIsBehindTheLastEntryWhateverFollows() {
        assertThat(handedOut.behindLast(FIRST)).isEmpty();

        handedOut.add(entries(Map.of(FIRST, 5L), 2));
        handedOut.add(ConsumerRecords.empty());

        assertThat(handedOut.behindLast(FIRST)).hasValue(7);
    }

    /** @param first of each partition, the offset from which there are so many */
    private static ConsumerRecords<byte[], byte[]> entries(Map<TopicPartition, Long> first, int count) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new LinkedHashMap<>();
        first.forEach((partition, offset) -> {
            List<ConsumerRecord<byte[], byte[]>> entries = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                entries.add(new ConsumerRecord<>("log", partition.partition(), offset + i, new byte[0], new byte[0]));
            }
            records.put(partition, entries);
        });
        return new ConsumerRecords<>(records, Map.of());
    }
}
