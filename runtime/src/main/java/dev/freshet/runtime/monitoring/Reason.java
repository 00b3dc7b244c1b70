package dev.freshet.runtime.monitoring;

/**
 * Why a process is not ready.
 *
 * @param code for programs
 * @param text for people, in one line
 */
public record Reason(Code code, String text) {

    /** They are part of what others rely on: a name is never changed. */
    public enum Code {
        /** It prepares, or waits for what it needs to begin. */
        STARTING,
        /** Another ingest leads. */
        STANDBY,
        /** Ingest reads the tables. */
        SNAPSHOT,
        /** No generation has been begun yet: ingest does that. */
        NO_GENERATION,
        /** The first generation is being filled; readers see nothing yet. */
        BUILDING,
        /** Streams takes over partitions, and restores their state. */
        REBALANCING,
        /** Further behind the source than monitoring.max.age.ms. */
        BEHIND,
        /** The source has removed WAL that was not read; ingest ends with what to do. */
        SLOT_LOST,
        SOURCE_UNREACHABLE,
        TARGET_UNREACHABLE,
        /** The target is a standby, or on the way to become the primary. */
        TARGET_READ_ONLY,
        KAFKA_UNREACHABLE,
        /** Kafka does not end a transaction, and nobody can tell whether it was to be committed. */
        TRANSACTION_HANGS,
        REGISTRY_UNREACHABLE,
        /** It has ended, and the process is about to. */
        ENDED
    }
}
