package dev.freshet.ingest;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.monitoring.CommitTimes;
import dev.freshet.schemas.change.Table;

/**
 * What an ingest is doing, for those who watch it; safe for use by many threads. Of several logs it tells of those that
 * readers depend on, and not of one that is only being built beside them; {@link #logs} tells of each.
 */
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

    private final Map<Integer, LogProgress> logs = new ConcurrentSkipListMap<>();
    private final Map<Table, AtomicLong> rows = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();
    private final AtomicLong deadLetters = new AtomicLong();
    private final CommitTimes commits = new CommitTimes();
    private volatile Phase phase = Phase.WAITING;

    /** Once it leads, that of the log which is least far. */
    public Phase phase() {
        return phase == Phase.PREPARING
                ? needed().stream()
                        .map(LogProgress::phase)
                        .min(Comparator.naturalOrder())
                        .orElse(phase)
                : phase;
    }

    /** The generation that the oldest log was begun for; 0 before that is known. */
    public int generation() {
        return logs().stream().mapToInt(LogProgress::number).findFirst().orElse(0);
    }

    /** Rows of the table that snapshots have put into logs since the start. */
    public long snapshotRows(Table table) {
        AtomicLong count = rows.get(table);
        return count == null ? 0 : count.get();
    }

    /** About how many rows the table had when the snapshots began; 0 if unknown. */
    public long estimatedRows(Table table) {
        return logs().stream().mapToLong(log -> log.estimatedRows(table)).sum();
    }

    /** Changes committed to any log since the start. */
    public long changes() {
        return changes.get();
    }

    /** Dead letters since the start. */
    public long deadLetters() {
        return deadLetters.get();
    }

    /** LSN of the newest tick, of the log that is least far; 0 before the first. */
    public long tickLsn() {
        return needed().stream().mapToLong(LogProgress::tickLsn).min().orElse(0);
    }

    /** Source time of the newest tick, of the log that is least far, in epoch microseconds; 0 before the first. */
    public long tickTime() {
        return needed().stream().mapToLong(LogProgress::tickTime).min().orElse(0);
    }

    /** Of each log that is fed, oldest first. */
    public List<LogProgress> logs() {
        return List.copyOf(logs.values());
    }

    /** Those that readers depend on, or may be turned to; all while there is none. */
    private List<LogProgress> needed() {
        List<LogProgress> needed =
                logs.values().stream().filter(log -> !log.isBuild()).toList();
        return needed.isEmpty() ? logs() : needed;
    }

    void enter(Phase next) {
        phase = next;
    }

    LogProgress begin(Generation log) {
        LogProgress progress = new LogProgress(log.number(), this);
        logs.put(log.number(), progress);
        see(List.of(log));
        return progress;
    }

    /** Takes note of what the logs are for now. */
    void see(List<Generation> fed) {
        for (Generation log : fed) {
            LogProgress progress = logs.get(log.number());
            if (progress != null) {
                progress.isBuild(log.isReplayBuilding());
            }
        }
    }

    void end(int log) {
        logs.remove(log);
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
}
