package dev.freshet.e2e.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

import dev.freshet.e2e.simulator.ChangeLog.Position;
import dev.freshet.e2e.simulator.SourceWal.Event;
import dev.freshet.e2e.simulator.SourceWal.LogEntry;
import dev.freshet.e2e.simulator.SourceWal.Transaction;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;

/**
 * A process that captures the source and appends to the log. Several may run, of which the broker fences all but the one
 * that initialised its transactions last; each step is one thing that can be done without another process coming between.
 */
final class Ingest {
    private enum Phase {
        STARTED,
        HALF_STARTED,
        READY_FOR_SNAPSHOT,
        IN_SNAPSHOT,
        STREAMING,
        DEAD
    }

    private final World world;
    private final SplittableRandom random;
    private Phase phase = Phase.STARTED;
    private int epoch = -1;
    private @Nullable Position found;
    private ChangeLog log;

    private @Nullable KafkaTransaction open;
    private List<Long> captured = new ArrayList<>();

    /** What of the snapshot is still to be appended. */
    private List<LogEntry> rows = List.of();

    private long snapshotTime;
    private @Nullable Transaction snapshotAt;

    /** The next captured event: number of its transaction, and number within it. */
    private int nextTransaction;

    private int nextEvent;
    private long boundary;
    private int since;

    /** How many events are in the log already, and will be sent again. */
    private int resent;

    /** In the heap only: whoever asked for it asks again after a crash. */
    private @Nullable Repair repair;

    Ingest(World world) {
        this.world = world;
        random = world.random;
        log = world.newest().log;
    }

    boolean isAlive() {
        return phase != Phase.DEAD;
    }

    /** Nothing of the source that it knows of is missing in the log. */
    boolean isCaughtUp() {
        return phase == Phase.STREAMING && open == null && nextTransaction == world.source.size();
    }

    /** The process ends; a Kafka transaction that it left open stays open. */
    void kill() {
        phase = Phase.DEAD;
    }

    void step() {
        if (open != null) {
            commit();
            return;
        }
        boolean rightOrder = world.has(Rule.INGEST_INITIALISES_TRANSACTIONS_BEFORE_IT_READS_ITS_POSITION);
        switch (phase) {
            case STARTED -> {
                if (rightOrder) {
                    epoch = world.ingestTransactions.initialise();
                } else {
                    readPosition();
                }
                phase = Phase.HALF_STARTED;
            }
            case HALF_STARTED -> {
                if (rightOrder) {
                    readPosition();
                } else {
                    epoch = world.ingestTransactions.initialise();
                }
                begin();
            }
            case READY_FOR_SNAPSHOT -> beginSnapshot();
            case IN_SNAPSHOT -> appendSnapshot();
            case STREAMING -> {
                if (random.nextInt(6) == 0 && !world.isEnding) {
                    stepRepair();
                } else {
                    appendBatch();
                }
            }
            case DEAD -> throw new IllegalStateException("a dead process does not step");
        }
    }

    private void readPosition() {
        log = world.newest().log;
        found = log.position();
    }

    private void begin() {
        if (!world.ingestTransactions.isCurrent(epoch)) {
            kill();
            return;
        }
        Position position = found;
        boolean resumes = position != null && position.isSnapshotComplete() && !log.isCutOff && !isOld(position);
        if (resumes) {
            boundary = position.boundary();
            since = position.since();
            resent = since;
            nextTransaction = world.source.countUpTo(boundary);
            phase = Phase.STREAMING;
            return;
        }
        boolean isSpoiled = log.isCutOff
                || position != null
                        && (position.isSnapshotComplete() || world.has(Rule.UNFINISHED_SNAPSHOT_IS_ABANDONED));
        if (isSpoiled) {
            log = world.beginGenerationWithNewLog();
        }
        snapshotTime = world.source.last().time();
        phase = Phase.READY_FOR_SNAPSHOT;
        if (begin(log)) {
            log.note(new Position(-1, 0, world.day), open);
        }
    }

    private boolean isOld(Position position) {
        return world.day - position.day() > World.OLDEST_POSITION_DAYS;
    }

    private void beginSnapshot() {
        snapshotAt = world.source.last();
        rows = SourceWal.rows(snapshotAt.after());
        phase = Phase.IN_SNAPSHOT;
    }

    private void appendSnapshot() {
        if (!begin(log)) {
            return;
        }
        int chunk = random.nextInt(1, 9);
        rows.stream().limit(chunk).forEach(row -> log.append(row, 0, snapshotTime, open, world.day));
        rows = rows.subList(Math.min(chunk, rows.size()), rows.size());
        if (!rows.isEmpty()) {
            // Nothing is complete yet; such a tick is true, and must not let anything out.
            if (random.nextInt(3) == 0) {
                tickAll(0, snapshotTime);
            }
            log.note(new Position(-1, 0, world.day), open);
            return;
        }
        Transaction at = snapshotAt;
        log.append(
                new LogEntry(ChangeKey.Control.SNAPSHOT_END, Change.CONTROL), at.end(), snapshotTime, open, world.day);
        boundary = at.end();
        nextTransaction = world.source.countUpTo(boundary);
        log.note(new Position(boundary, 0, world.day), open);
        phase = Phase.STREAMING;
    }

    /** One batch of the engine: some events, in which transactions may begin and end anywhere. */
    private void appendBatch() {
        if (nextTransaction == world.source.size() || !begin(log)) {
            return;
        }
        boolean[] touched = new boolean[log.partitions.size()];
        int left = random.nextInt(1, 7);
        while (left > 0 && nextTransaction < world.source.size()) {
            Transaction transaction = world.source.get(nextTransaction);
            if (nextEvent < transaction.events().size()) {
                capture(transaction, transaction.events().get(nextEvent), touched);
                nextEvent++;
            } else {
                boundary = transaction.end();
                since = 0;
                nextTransaction++;
                nextEvent = 0;
                repairAt(transaction, touched);
                if (left <= 1 || endsWithoutAnotherBoundary(left - 1)) {
                    tickAtBoundary(transaction, touched);
                }
            }
            left--;
        }
        log.note(new Position(boundary, since, world.day), open);
    }

    private void capture(Transaction transaction, Event event, boolean[] touched) {
        boolean isResent = resent > 0;
        resent = Math.max(0, resent - 1);
        if (isResent && world.has(Rule.INGEST_DROPS_WHAT_IS_SENT_AGAIN)) {
            return;
        }
        event.entries().forEach(entry -> append(entry, event.lsn(), transaction.commitTime(), touched));
        if (repair != null) {
            event.entries().forEach(entry -> repair.passes(entry.key()));
        }
        captured.add(event.lsn());
        since++;
        if (!world.has(Rule.TICKS_STAND_BETWEEN_SOURCE_TRANSACTIONS) && random.nextBoolean()) {
            Transaction before = world.source.upTo(boundary);
            tickAll(before.end(), before.time());
        }
    }

    private void append(LogEntry entry, long lsn, long time, boolean[] touched) {
        log.append(entry, lsn, time, open, world.day);
        for (int partition = 0; partition < touched.length; partition++) {
            touched[partition] |= log.holds(partition, entry.key());
        }
    }

    /** The next thing that a repair does in the source, while anything may happen to its user. */
    private void stepRepair() {
        if (repair == null) {
            repair = new Repair(world);
        } else {
            repair.step();
        }
    }

    /** Behind the second mark of a repair the rows that it read between the marks are the truth, unless the user changed since the first. */
    private void repairAt(Transaction transaction, boolean[] touched) {
        if (repair == null || !repair.passesEnd(transaction.end())) {
            return;
        }
        if (!repair.isDisturbed() || !world.has(Rule.REPAIR_TRIES_AGAIN_WHERE_THE_USER_CHANGED_MEANWHILE)) {
            repair.entries(log).forEach(entry -> append(entry, transaction.end(), transaction.commitTime(), touched));
        }
        repair = null;
    }

    private boolean endsWithoutAnotherBoundary(int left) {
        return nextTransaction == world.source.size()
                || world.source.get(nextTransaction).events().size() >= left;
    }

    private void tickAtBoundary(Transaction transaction, boolean[] touched) {
        boolean all = random.nextBoolean() || world.isEnding;
        for (int partition = 0; partition < touched.length; partition++) {
            if (all || touched[partition]) {
                log.tick(partition, transaction.end(), transaction.time(), open, world.day);
            }
        }
    }

    private void tickAll(long lsn, long time) {
        for (int partition = 0; partition < log.partitions.size(); partition++) {
            log.tick(partition, lsn, time, open, world.day);
        }
    }

    /** Begins a Kafka transaction, unless the broker says that a later process has taken over. */
    private boolean begin(ChangeLog intoLog) {
        open = world.ingestTransactions.begin(epoch);
        if (open == null || intoLog.isCutOff) {
            kill();
            return false;
        }
        captured = new ArrayList<>();
        return true;
    }

    /** The outcome is known at once, or the process dies without knowing it. */
    private void commit() {
        if (world.ingestTransactions.commit(epoch, open)) {
            log.committed(captured);
        } else {
            kill();
        }
        open = null;
    }
}
