package dev.freshet.e2e.simulator;

import java.util.LinkedHashSet;
import java.util.Set;

/** A transaction as the broker knows it. */
final class KafkaTransaction {
    private enum State {
        OPEN,
        COMMITTED,
        ABORTED
    }

    private final Set<TopicPartition<?, ?>> partitions = new LinkedHashSet<>();
    private State state = State.OPEN;

    void touches(TopicPartition<?, ?> partition) {
        partitions.add(partition);
    }

    void commit() {
        end(State.COMMITTED);
    }

    /** Does nothing if it has ended. */
    void abort() {
        if (isOpen()) {
            end(State.ABORTED);
        }
    }

    private void end(State next) {
        if (!isOpen()) {
            throw new IllegalStateException("the transaction has ended: " + state);
        }
        state = next;
        partitions.forEach(TopicPartition::appendMarker);
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isCommitted() {
        return state == State.COMMITTED;
    }
}
