package dev.freshet.ingest;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.freshet.ingest.IngestProgress.Phase;
import dev.freshet.runtime.monitoring.CommitTimes;
import dev.freshet.schemas.change.Table;

/** How far one change log is; safe for use by many threads. */
public final class LogProgress {
    private final int number;
    private final IngestProgress all;
    private final Map<Table, Long> estimates = new ConcurrentHashMap<>();
    private volatile Phase phase = Phase.PREPARING;
    private volatile boolean isBuild;
    private volatile long tickLsn;
    private volatile long tickTime;

    LogProgress(int number, IngestProgress all) {
        this.number = number;
        this.all = all;
    }

    /** Of the generation that the log was begun for. */
    public int number() {
        return number;
    }

    public Phase phase() {
        return phase;
    }

    /** Whether it is only being built beside a log which readers depend on. */
    public boolean isBuild() {
        return isBuild;
    }

    /** About how many rows the table had when the snapshot began; 0 if unknown. */
    public long estimatedRows(Table table) {
        return estimates.getOrDefault(table, 0L);
    }

    /** LSN of the newest tick; 0 before the first. */
    public long tickLsn() {
        return tickLsn;
    }

    /** Source time of the newest tick, in epoch microseconds; 0 before the first. */
    public long tickTime() {
        return tickTime;
    }

    void isBuild(boolean now) {
        isBuild = now;
    }

    CommitTimes commits() {
        return all.commits();
    }

    void enter(Phase next) {
        phase = next;
    }

    void estimate(Table table, long count) {
        estimates.put(table, count);
    }

    void committed(int changes, int letters) {
        all.committed(changes, letters);
    }

    void snapshotRow(Table table) {
        all.snapshotRow(table);
    }

    void ticked(long lsn, long sourceTime) {
        tickLsn = lsn;
        tickTime = sourceTime;
    }
}
