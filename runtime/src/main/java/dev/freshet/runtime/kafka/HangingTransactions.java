package dev.freshet.runtime.kafka;

import java.time.Duration;
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
import org.apache.kafka.clients.admin.DescribeProducersResult;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.internals.Topic;

import dev.freshet.runtime.kafka.TransactionCoordinators.Claim;
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
 * <p>One that its producer goes on behind is not found: the end of the producer's next transaction in that partition is taken for
 * its end too.
 *
 * <p>Not safe for use by several threads.
 *
 * @see <a href="https://cwiki.apache.org/confluence/x/QJMoCQ">KIP-664, tooling to detect and abort hanging transactions</a>
 */
public final class HangingTransactions {
    /** transaction.max.timeout.ms: no coordinator lets one be open for longer. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private static final String OFFSETS = Topic.GROUP_METADATA_TOPIC_NAME;

    private final Admin admin;
    private final Time time;
    private final TransactionCoordinators coordinators;
    private final LastWords lastWords;
    private final String ours;
    /** When each one that is open was first seen. */
    private Map<Open, Long> seen = Map.of();

    /**
     * A transaction without an end in a partition.
     *
     * @param since the offset of its first record
     * @param writtenAt the timestamp of what its producer wrote there last, in epoch milliseconds
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
        this.time = time;
        ours = names.prefix() + ".";
        coordinators = new TransactionCoordinators(admin, ours);
        lastWords = new LastWords(admin, Set.of(names.positions(), OFFSETS), time);
    }

    /**
     * Looks once. To be told, a transaction has to have been open at the last look too, and so none is with the first: a few seconds
     * between two looks spare nearly all of them the questions behind.
     */
    public List<Hanging> look() throws InterruptedException {
        long now = time.nanoTime();
        Map<Open, Long> before = seen;
        seen = open(states(partitions())).stream()
                .collect(Collectors.toMap(one -> one, one -> before.getOrDefault(one, now)));
        Set<Open> stayed = new HashSet<>(seen.keySet());
        stayed.retainAll(before.keySet());
        Map<Open, Claim> claims = coordinators.claims(stayed);
        stayed.removeIf(one -> !isDisowned(one, claims.getOrDefault(one, Claim.UNDER_WAY), now));
        if (stayed.isEmpty()) {
            return List.of();
        }
        // What its coordinator has disowned and is open afterwards was not just being ended.
        Map<TopicPartition, PartitionProducerState> states = states(partitions());
        stayed.retainAll(open(states));
        Set<Open> givenUp = lastWords.lackedBy(stayed, states);
        return stayed.stream()
                .map(one -> new Hanging(one, claims.get(one) == Claim.DONE && givenUp.contains(one)))
                .toList();
    }

    private boolean isDisowned(Open open, Claim claim, long now) {
        return switch (claim) {
            case UNDER_WAY -> false;
            case DONE -> true;
            // Its coordinator may be away, or be forbidden to us; of the offsets' transactions nobody knows whether
            // they are ours.
            case UNKNOWN ->
                open.partition().topic().startsWith(ours) && now - seen.getOrDefault(open, now) > LONGEST.toNanos();
        };
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

    /** Without what we may not read. */
    private Map<TopicPartition, PartitionProducerState> states(Collection<TopicPartition> partitions)
            throws InterruptedException {
        DescribeProducersResult asked = admin.describeProducers(partitions);
        Map<TopicPartition, PartitionProducerState> states = new HashMap<>();
        for (TopicPartition partition : partitions) {
            try {
                states.put(partition, await(asked.partitionResult(partition)));
            } catch (TopicAuthorizationException e) {
                continue; // nobody can tell then what was given up: LastWords
            }
        }
        return states;
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

    static <T> T await(KafkaFuture<T> future) throws InterruptedException {
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
