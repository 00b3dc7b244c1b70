package dev.freshet.e2e.simulator;

import org.jspecify.annotations.Nullable;

/** The broker's side of one transactional.id: epochs, and at most one open transaction. */
final class TransactionCoordinator {
    private int epoch;
    private @Nullable KafkaTransaction open;

    /** initTransactions: the predecessor's open transaction is aborted, and the predecessor fenced. */
    int initialise() {
        timeOut();
        return ++epoch;
    }

    /** transaction.timeout.ms is over: what is open is aborted. */
    void timeOut() {
        if (open != null) {
            open.abort();
            open = null;
            epoch++; // so the broker does, and the producer of the transaction is fenced
        }
    }

    boolean isCurrent(int producer) {
        return producer == epoch;
    }

    /** The first append of a transaction; null if the producer is fenced. */
    @Nullable
    KafkaTransaction begin(int producer) {
        if (!isCurrent(producer)) {
            return null;
        }
        open = new KafkaTransaction();
        return open;
    }

    /** Whether it committed; false if the producer is fenced. */
    boolean commit(int producer, KafkaTransaction transaction) {
        if (!isCurrent(producer) || !transaction.isOpen()) {
            return false;
        }
        transaction.commit();
        open = null;
        return true;
    }
}
