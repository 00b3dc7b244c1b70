package dev.freshet.ingest;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import dev.freshet.runtime.monitoring.CommitTimes;
import dev.freshet.schemas.change.Table;

/** What an ingest is doing, for those who watch it; safe for use by many threads. */
public final class IngestProgress {

    /** In the order in which they are passed. */
    public enum Phase {
        /** A server is not there yet. */
        WAITING,
        /** It could lead, and another ingest does. */
        STANDING_BY,
        /** It leads, and prepares source, topics and schemas. */
        PREPARING,
        /** It reads the tables. */
        SNAPSHOT,
        /** It follows the WAL. */
        STREAMING,
        ENDED
    }

    private volatile Phase phase = Phase.WAITING;
    private volatile int generation;
    private volatile long tickLsn;
    private volatile long tickTime;
    private final AtomicLong changes = new AtomicLong();
    private final AtomicLong deadLetters = new AtomicLong();
    private final CommitTimes commits = new CommitTimes();
    private final Map<Table, AtomicLong> rows = new ConcurrentHashMap<>();
    private final Map<Table, Long> estimates = new ConcurrentHashMap<>();

    public Phase phase() {
        return phase;
    }

    /** The generation it feeds; 0 before that is known. */
    public int generation() {
        return generation;
    }

    /** Rows of the table that the snapshot has put into the log. */
    public long snapshotRows(Table table) {
        AtomicLong count = rows.get(table);
        return count == null ? 0 : count.get();
    }

    /** About how many rows the table had when the snapshot began; 0 if unknown. */
    public long estimatedRows(Table table) {
        return estimates.getOrDefault(table, 0L);
    }

    /** Changes committed to the log since the start. */
    public long changes() {
        return changes.get();
    }

    /** Dead letters since the start. */
    public long deadLetters() {
        return deadLetters.get();
    }

    /** LSN of the newest tick; 0 before the first. */
    public long tickLsn() {
        return tickLsn;
    }

    /** Source time of the newest tick, in epoch microseconds; 0 before the first. */
    public long tickTime() {
        return tickTime;
    }

    void enter(Phase next) {
        phase = next;
    }

    void feeds(int number) {
        generation = number;
    }

    void estimate(Table table, long count) {
        estimates.put(table, count);
    }

    CommitTimes commits() {
        return commits;
    }

    void committed(int newChanges, int newLetters) {
        changes.addAndGet(newChanges);
        deadLetters.addAndGet(newLetters);
    }

    void snapshotRow(Table table) {
        rows.computeIfAbsent(table, any -> new AtomicLong()).incrementAndGet();
    }

    void ticked(long lsn, long sourceTime) {
        tickLsn = lsn;
        tickTime = sourceTime;
    }
}
