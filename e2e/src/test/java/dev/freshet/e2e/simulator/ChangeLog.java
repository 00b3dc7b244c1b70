package dev.freshet.e2e.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.UserPartition;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;

/** The topic changes.g(N), and ingest's positions in it. */
final class ChangeLog {
    private static final int ALL = 100_000;

    final List<TopicPartition<ChangeKey, Change>> partitions = new ArrayList<>();

    /** The slot is lost, so this log cannot be gone on with. */
    boolean isCutOff;

    private final List<Note> notes = new ArrayList<>();

    /** Every tick ever appended, by partition and offset: what rows are judged by, also when the log has forgotten it. */
    private final List<Map<Long, Change>> ticks = new ArrayList<>();

    /** The LSN of the last captured change that was committed to the log. */
    private long lastCaptured;

    /**
     * How far ingest has come.
     *
     * @param boundary end of the last source transaction before; -1 while the snapshot is read
     * @param since events appended behind it
     */
    record Position(long boundary, int since, int day) {
        boolean isSnapshotComplete() {
            return boundary >= 0;
        }
    }

    private record Note(KafkaTransaction transaction, Position position) {}

    ChangeLog(int partitions) {
        for (int i = 0; i < partitions; i++) {
            this.partitions.add(new TopicPartition<>());
            ticks.add(new HashMap<>());
        }
    }

    /** The last position that a reader of committed positions finds; null for none. */
    @Nullable
    Position position() {
        Position last = null;
        for (Note note : notes) {
            last = note.transaction.isCommitted() ? note.position : last;
        }
        return last;
    }

    void note(Position position, KafkaTransaction transaction) {
        notes.add(new Note(transaction, position));
    }

    void append(SourceWal.LogEntry entry, long lsn, long time, KafkaTransaction transaction, int day) {
        Change change = entry.body() == null ? null : new Change(lsn, time, entry.body());
        Id user = userOf(entry.key());
        if (user != null) {
            int partition = UserPartition.of(user, partitions.size());
            partitions.get(partition).append(entry.key(), change, transaction, day);
        } else {
            partitions.forEach(partition -> partition.append(entry.key(), change, transaction, day));
        }
    }

    /** Whether entries of this key stand in this partition. */
    boolean holds(int partition, ChangeKey key) {
        Id user = userOf(key);
        return user == null || UserPartition.of(user, partitions.size()) == partition;
    }

    /** Null for what concerns everybody. */
    static @Nullable Id userOf(ChangeKey key) {
        if (key instanceof ChangeKey.UserReset reset) {
            return reset.user();
        }
        return key instanceof ChangeKey.Row row ? row.user() : null;
    }

    /** What is appended of a user whom the source does not have, and of whom nothing is to be left. */
    List<SourceWal.LogEntry> erasure(Id user) {
        Set<ChangeKey> rows = new LinkedHashSet<>();
        partitions.get(UserPartition.of(user, partitions.size())).read(0, ALL, false).entries().stream()
                .map(entry -> entry.key)
                .filter(key -> key instanceof ChangeKey.Row row && row.user().equals(user))
                .forEach(rows::add);
        rows.add(new ChangeKey.UserReset(user));
        return rows.stream().map(key -> new SourceWal.LogEntry(key, null)).toList();
    }

    void tick(int partition, long lsn, long time, KafkaTransaction transaction, int day) {
        Change tick = new Change(lsn, time, Change.CONTROL);
        long offset = partitions.get(partition).append(ChangeKey.Control.TICK, tick, transaction, day);
        ticks.get(partition).put(offset, tick);
    }

    Change tickAt(int partition, long offset) {
        Change tick = ticks.get(partition).get(offset);
        if (tick == null) {
            throw new Violation("version " + offset + " is no tick of partition " + partition);
        }
        return tick;
    }

    /** The log holds every captured change exactly once, in the order of capture. */
    void committed(List<Long> captured) {
        for (long lsn : captured) {
            if (lsn <= lastCaptured) {
                throw new Violation("the change at " + lsn + " is in the log again, behind " + lastCaptured);
            }
            lastCaptured = lsn;
        }
    }
}
