package dev.freshet.runtime.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;

/**
 * Transactions on a deployment's topics that hang: what they wrote is in a partition, and their coordinator is done with them without
 * having written their end there. Whoever reads committed records only, and a restore of state does, waits before them for ever.
 *
 * <p>A broker of Kafka 4.3 makes such ones itself: it takes a partition whose leader it does not know for deleted, and leaves it out
 * when it ends a transaction. Where all replicas of a partition are away that is so until one is back, and on a broker that was
 * killed and is alone from when its session runs out until it is let in again (KRaftMetadataCache.getPartitionLeaderEndpoint and
 * TransactionMarkerChannelManager.addTxnMarkersToBrokerQueue in 4.3.1).
 *
 * <p>Not safe for use by several threads.
 *
 * @see <a href="https://cwiki.apache.org/confluence/x/QJMoCQ">KIP-664, tooling to detect and abort hanging transactions</a>
 */
public final class HangingTransactions {
    private static final Set<TransactionState> DONE =
            Set.of(TransactionState.EMPTY, TransactionState.COMPLETE_COMMIT, TransactionState.COMPLETE_ABORT);

    private static final short EPOCH_OF_EACH = 2;

    /** Half of producer.id.expiration.ms: so long a partition knows for certain who has written there. */
    private static final Duration REMEMBERED = Duration.ofHours(12);

    private static final String OFFSETS = Topic.GROUP_METADATA_TOPIC_NAME;

    private final Admin admin;
    private final Names names;
    private final Time time;
    private final String ours;
    private Set<Open> before = Set.of();

    /**
     * A transaction without an end in a partition.
     *
     * @param since the offset of its first record
     * @param writtenAt when its producer wrote there last, by its own clock, in epoch milliseconds
     * @param coordinatorEpoch of the coordinator that ended the producer's last one there; -1 for none
     */
    public record Open(
            TopicPartition partition,
            long producerId,
            short producerEpoch,
            long since,
            long writtenAt,
            int coordinatorEpoch) {}

    /**
     * One that hangs.
     *
     * @param isGivenUp whether it was certainly not to be committed. Ingest writes its position last, and streams its offsets: a
     *     transaction that has not come to that was never asked to be committed. Who may not look there cannot tell
     */
    public record Hanging(Open open, boolean isGivenUp) {}

    /** @param admin stays the caller's to close */
    public HangingTransactions(Admin admin, Names names, Time time) {
        this.admin = admin;
        this.names = names;
        this.time = time;
        ours = names.prefix() + ".";
    }

    /**
     * Looks once. To be told, a transaction has to have been open at the last look too, and so none is with the first: a few seconds
     * between two looks spare nearly all of them the questions behind.
     */
    public List<Hanging> look() throws InterruptedException {
        Set<Open> open = open(states(partitions()));
        Set<Open> stayed = new HashSet<>(open);
        stayed.retainAll(before);
        before = open;
        Set<Open> disowned = disowned(stayed);
        if (disowned.isEmpty()) {
            return List.of();
        }
        // What its coordinator has disowned and is open afterwards was not just being ended.
        Map<TopicPartition, PartitionProducerState> now = states(partitions());
        disowned.retainAll(open(now));
        boolean isTold = areTransactionsToldApart() && hasBothLastWords(now.keySet());
        return disowned.stream()
                .map(one -> new Hanging(one, isTold && isRemembered(one) && !hasSaidItsLastWord(one, now)))
                .toList();
    }

    /** Writes the end that is missing. Of one that was to be committed that would be the wrong one. */
    public void abort(Hanging hanging) throws InterruptedException {
        if (!hanging.isGivenUp()) {
            throw new IllegalArgumentException("it may have been committed: " + hanging);
        }
        Open open = hanging.open();
        await(admin.abortTransaction(new AbortTransactionSpec(
                        open.partition(), open.producerId(), open.producerEpoch(), open.coordinatorEpoch()))
                .all());
    }

    private Set<TopicPartition> partitions() throws InterruptedException {
        Collection<String> topics = await(admin.listTopics(new ListTopicsOptions().listInternal(true))
                        .names())
                .stream()
                .filter(topic -> topic.startsWith(ours) || topic.equals(OFFSETS))
                .toList();
        return await(admin.describeTopics(topics).allTopicNames()).values().stream()
                .flatMap(HangingTransactions::partitions)
                .collect(Collectors.toSet());
    }

    private static Stream<TopicPartition> partitions(TopicDescription topic) {
        return topic.partitions().stream().map(one -> new TopicPartition(topic.name(), one.partition()));
    }

    private Map<TopicPartition, PartitionProducerState> states(Collection<TopicPartition> partitions)
            throws InterruptedException {
        return await(admin.describeProducers(partitions).all());
    }

    private static Set<Open> open(Map<TopicPartition, PartitionProducerState> states) {
        Set<Open> open = new HashSet<>();
        states.forEach((partition, state) -> state.activeProducers().stream()
                .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                .map(producer -> new Open(
                        partition,
                        producer.producerId(),
                        (short) producer.producerEpoch(),
                        producer.currentTransactionStartOffset().getAsLong(),
                        producer.lastTimestamp(),
                        producer.coordinatorEpoch().orElse(-1)))
                .forEach(open::add));
        return open;
    }

    /** Those of ours that their coordinator, if they still have one, does not have under way in that partition. */
    private Set<Open> disowned(Set<Open> open) throws InterruptedException {
        if (open.isEmpty()) {
            return Set.of();
        }
        Map<Long, TransactionListing> listed = new HashMap<>();
        Set<Long> producers = open.stream().map(Open::producerId).collect(Collectors.toSet());
        await(admin.listTransactions(new ListTransactionsOptions().filterProducerIds(producers))
                        .all())
                .forEach(one -> listed.put(one.producerId(), one));
        Map<String, TransactionDescription> described = await(admin.describeTransactions(listed.values().stream()
                        .filter(one -> one.state() == TransactionState.ONGOING)
                        .map(TransactionListing::transactionalId)
                        .toList())
                .all());
        return open.stream()
                .filter(one -> isDisowned(one, listed.get(one.producerId()), described))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private boolean isDisowned(
            Open open, @Nullable TransactionListing listed, Map<String, TransactionDescription> described) {
        if (listed == null) {
            return open.partition().topic().startsWith(ours);
        }
        TransactionDescription ongoing = described.get(listed.transactionalId());
        return listed.transactionalId().startsWith(ours)
                && (ongoing == null
                        ? DONE.contains(listed.state())
                        : !ongoing.topicPartitions().contains(open.partition()));
    }

    /** Whether the end of each transaction raises its producer's epoch (KIP-890); before, all of a producer's have the same. */
    private boolean areTransactionsToldApart() throws InterruptedException {
        FinalizedVersionRange version = await(admin.describeFeatures().featureMetadata())
                .finalizedFeatures()
                .get("transaction.version");
        return version != null && version.maxVersionLevel() >= EPOCH_OF_EACH;
    }

    private boolean isRemembered(Open open) {
        return Duration.between(Instant.ofEpochMilli(open.writtenAt()), time.now())
                        .compareTo(REMEMBERED)
                <= 0;
    }

    private boolean hasBothLastWords(Set<TopicPartition> seen) {
        return seen.stream()
                        .map(TopicPartition::topic)
                        .filter(this::isOfLastWords)
                        .distinct()
                        .count()
                == 2;
    }

    /** What ended there raised the epoch beyond the transaction's own; of what came before, the end raised it up to that. */
    private boolean hasSaidItsLastWord(Open open, Map<TopicPartition, PartitionProducerState> states) {
        return states.entrySet().stream()
                .filter(state -> isOfLastWords(state.getKey().topic()))
                .flatMap(state -> state.getValue().activeProducers().stream())
                .filter(producer -> producer.producerId() == open.producerId())
                .anyMatch(producer -> producer.producerEpoch() > open.producerEpoch()
                        || producer.currentTransactionStartOffset().isPresent());
    }

    private boolean isOfLastWords(String topic) {
        return topic.equals(names.positions()) || topic.equals(OFFSETS);
    }

    private static <T> T await(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException kafka) {
                throw kafka;
            }
            throw new KafkaException(e.getCause());
        }
    }
}
