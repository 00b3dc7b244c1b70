package dev.freshet.runtime.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;

import dev.freshet.runtime.kafka.HangingTransactions.Open;
import dev.freshet.runtime.time.Time;

/**
 * What a transaction writes last before it is to be committed: ingest its position, streams its offsets. Whether it has come to that
 * is told by the partitions' memory of who has written there. Not safe for use by several threads.
 *
 * <p>That rests on the end of each transaction raising its producer's epoch (KIP-890). A cluster that begins to do so while one
 * hangs of before would be misunderstood.
 */
final class LastWords {
    private static final short EPOCH_OF_EACH = 2;
    private static final String EXPIRATION = "producer.id.expiration.ms";

    private final Admin admin;
    private final Set<String> topics;
    private final Time time;
    /** Of a later transaction of the producer that has taken such a one up the same would not be found. */
    private final Set<Begin> spoken = new HashSet<>();

    /** Where what is open begins, whoever of its producer's transactions goes on there. */
    private record Begin(TopicPartition partition, long producerId, long since) {
        static Begin of(Open open) {
            return new Begin(open.partition(), open.producerId(), open.since());
        }
    }

    /** @param topics where last words are written; both have to be seen, as nobody knows who writes where */
    LastWords(Admin admin, Set<String> topics, Time time) {
        this.admin = admin;
        this.topics = topics;
        this.time = time;
    }

    /** Those of the transactions that certainly have not come to their last word. */
    Set<Open> lackedBy(Collection<Open> hanging, Map<TopicPartition, PartitionProducerState> states)
            throws InterruptedException {
        Set<String> visible =
                states.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
        if (hanging.isEmpty() || !visible.containsAll(topics) || !areTransactionsToldApart()) {
            return Set.of();
        }
        Optional<Duration> memory = memory();
        if (memory.isEmpty()) {
            return Set.of();
        }
        Instant earliest = time.now().minus(memory.get());
        return hanging.stream()
                .filter(open -> lacks(open, states))
                .filter(open -> !Instant.ofEpochMilli(open.writtenAt()).isBefore(earliest))
                .collect(Collectors.toSet());
    }

    /**
     * What ended there raised the epoch beyond the transaction's own; of what came before, the end raised it up to that. Of a producer
     * that is not known there, only the very first transaction has certainly never come so far.
     */
    private boolean lacks(Open open, Map<TopicPartition, PartitionProducerState> states) {
        List<ProducerState> words = states.entrySet().stream()
                .filter(state -> topics.contains(state.getKey().topic()))
                .flatMap(state -> state.getValue().activeProducers().stream())
                .filter(producer -> producer.producerId() == open.producerId())
                .toList();
        if (words.stream()
                .anyMatch(word -> word.producerEpoch() > open.producerEpoch()
                        || word.currentTransactionStartOffset().isPresent())) {
            spoken.add(Begin.of(open));
        }
        return !spoken.contains(Begin.of(open)) && (!words.isEmpty() || open.producerEpoch() == 0);
    }

    private boolean areTransactionsToldApart() throws InterruptedException {
        FinalizedVersionRange version = HangingTransactions.await(
                        admin.describeFeatures().featureMetadata())
                .finalizedFeatures()
                .get("transaction.version");
        return version != null && version.maxVersionLevel() >= EPOCH_OF_EACH;
    }

    /** Half of the time behind which a partition forgets who has written there; empty if we may not ask for it. */
    private Optional<Duration> memory() throws InterruptedException {
        List<ConfigResource> brokers = HangingTransactions.await(
                        admin.describeCluster().nodes())
                .stream()
                .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
                .toList();
        try {
            Collection<Config> configs = HangingTransactions.await(
                            admin.describeConfigs(brokers).all())
                    .values();
            return configs.stream()
                    .map(config -> Duration.ofMillis(
                            Long.parseLong(config.get(EXPIRATION).value())))
                    .min(Duration::compareTo)
                    .map(shortest -> shortest.dividedBy(2));
        } catch (AuthorizationException e) {
            return Optional.empty();
        }
    }
}
