package dev.freshet.ingest.log;

/** Where a test may end the process. */
@FunctionalInterface
public interface FaultPoint {
    FaultPoint NONE = place -> {};

    /** The places, in the order in which a transaction passes them. */
    enum Place {
        /** Everything is sent, nothing is committed. */
        BEFORE_COMMIT,
        /** The Kafka transaction is committed, the source does not know of it. */
        COMMITTED
    }

    void reached(Place place);
}
