package dev.freshet.sink;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.sink.rule.Claim;

/**
 * The partitions that this instance has: those that are read, with their stored position, and those whose position is yet to
 * be asked for, which are paused.
 */
final class Assignment implements ConsumerRebalanceListener {
    private static final Logger log = LoggerFactory.getLogger(Assignment.class);

    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final Consumer<Collection<Integer>> onLost;
    private final SortedMap<Integer, Long> positions = new TreeMap<>();
    private final SortedSet<Integer> unread = new TreeSet<>();

    /** @param onLost told of partitions that are another's now */
    Assignment(
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
            String topic,
            Consumer<Collection<Integer>> onLost) {
        this.consumer = consumer;
        this.topic = topic;
        this.onLost = onLost;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
        if (assigned.isEmpty()) {
            return;
        }
        log.info("assigned topic={} partitions={}", topic, numbers(assigned));
        unread.addAll(numbers(assigned));
        pause(assigned);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
        if (!revoked.isEmpty()) {
            log.info("revoked topic={} partitions={}", topic, numbers(revoked));
        }
        List<Integer> numbers = numbers(revoked);
        unread.removeAll(numbers);
        positions.keySet().removeAll(numbers);
        onLost.accept(numbers);
    }

    /** Stops reading: every position has to be asked for again. */
    void forgetPositions() {
        unread.addAll(positions.keySet());
        positions.clear();
        pause(consumer.assignment());
    }

    /** Partitions without a known position. */
    SortedSet<Integer> unread() {
        return unread;
    }

    /** The stored positions of those that are read. */
    SortedMap<Integer, Long> positions() {
        return positions;
    }

    /** Where those without a known position end now. */
    Map<Integer, Long> ends() {
        List<TopicPartition> asked =
                unread.stream().map(number -> new TopicPartition(topic, number)).toList();
        return consumer.endOffsets(asked).entrySet().stream()
                .collect(Collectors.toMap(end -> end.getKey().partition(), Map.Entry::getValue));
    }

    /** Begins to read a partition from here. */
    void read(int partition, long position) {
        TopicPartition of = new TopicPartition(topic, partition);
        consumer.seek(of, position);
        consumer.resume(List.of(of));
        unread.remove(partition);
        positions.put(partition, position);
    }

    /** Notes what is stored now. */
    void advance(List<Claim> written) {
        written.forEach(claim -> positions.replace(claim.partition(), claim.next()));
    }

    /** With some position, because a consumer without one fails, paused or not. */
    private void pause(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> consumer.seek(partition, 0));
        consumer.pause(partitions);
    }

    private static List<Integer> numbers(Collection<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::partition).sorted().toList();
    }
}
