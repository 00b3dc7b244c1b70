package dev.freshet.schemas.record;

import org.jspecify.annotations.Nullable;

/**
 * How far ingest has come, written in the same Kafka transaction as the changes it covers.
 *
 * @param generation the generation it belongs to
 * @param sourceOffset Debezium's source offset of the last transaction boundary, as JSON; null before the first
 * @param appendedSince changes appended since that boundary; a restarted engine sends them again and they are dropped
 * @param last the last of those changes, which the re-sent one must match; null if none
 * @param snapshotComplete whether the snapshot's end is in the log
 * @param completeLsn LSN of the newest tick
 * @param sourceTime source time of the newest tick, in epoch microseconds
 * @param source which cluster the LSNs belong to
 * @param writtenAt wall time of writing, in epoch microseconds
 */
public record IngestPosition(
        int generation,
        @Nullable String sourceOffset,
        long appendedSince,
        @Nullable Identity last,
        boolean snapshotComplete,
        long completeLsn,
        long sourceTime,
        Source source,
        long writtenAt) {

    /** A change as the WAL identifies it. */
    public record Identity(long lsn, long xid) {}

    /** The source cluster: an LSN means something only within one system identifier and timeline. */
    public record Source(String systemIdentifier, int timeline) {}
}
