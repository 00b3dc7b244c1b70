package dev.freshet.runtime.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.kafka.HangingTransactions.Open;

/** What the coordinators of transactions say about those that are open in a partition. */
final class TransactionCoordinators {
    private static final Set<TransactionState> DONE =
            EnumSet.of(TransactionState.EMPTY, TransactionState.COMPLETE_COMMIT, TransactionState.COMPLETE_ABORT);

    private final Admin admin;
    private final String ours;

    /** What becomes of a transaction. */
    enum Claim {
        /** It is one that its coordinator ends, or it is not ours. */
        UNDER_WAY,
        /** All coordinators that know its producer are done with it in that partition. */
        DONE,
        /** None that answers knows its producer: it may be away, or be forbidden to us, or have given its producer another id. */
        UNKNOWN
    }

    /** @param ours what our transactional ids begin with */
    TransactionCoordinators(Admin admin, String ours) {
        this.admin = admin;
        this.ours = ours;
    }

    Map<Open, Claim> claims(Collection<Open> open) throws InterruptedException {
        if (open.isEmpty()) {
            return Map.of();
        }
        Map<Long, List<TransactionListing>> listed = new HashMap<>();
        Set<Long> producers = open.stream().map(Open::producerId).collect(Collectors.toSet());
        HangingTransactions.await(admin.listTransactions(new ListTransactionsOptions().filterProducerIds(producers))
                        .all())
                .forEach(one -> listed.computeIfAbsent(one.producerId(), none -> new ArrayList<>())
                        .add(one));
        Map<String, TransactionDescription> ongoing =
                HangingTransactions.await(admin.describeTransactions(listed.values().stream()
                                .flatMap(List::stream)
                                .filter(one -> one.state() == TransactionState.ONGOING)
                                .map(TransactionListing::transactionalId)
                                .collect(Collectors.toSet()))
                        .all());
        return open.stream()
                .collect(Collectors.toMap(
                        one -> one, one -> claim(one, listed.getOrDefault(one.producerId(), List.of()), ongoing)));
    }

    /** A coordinator that was replaced and has not heard of it may list a state of the past beside the new one's. */
    private Claim claim(Open open, List<TransactionListing> listed, Map<String, TransactionDescription> ongoing) {
        if (listed.isEmpty()) {
            return Claim.UNKNOWN;
        }
        return listed.stream()
                        .allMatch(one -> one.transactionalId().startsWith(ours)
                                && isDone(open, one, ongoing.get(one.transactionalId())))
                ? Claim.DONE
                : Claim.UNDER_WAY;
    }

    /** An ongoing one has its partitions before anything is written there. */
    private static boolean isDone(Open open, TransactionListing listed, @Nullable TransactionDescription ongoing) {
        return ongoing == null
                ? DONE.contains(listed.state())
                : !ongoing.topicPartitions().contains(open.partition());
    }
}
