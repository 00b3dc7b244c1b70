package dev.freshet.ingest;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.connect.source.SourceRecord;

import dev.freshet.ingest.capture.Boundary;
import dev.freshet.ingest.capture.ChangeSequence;
import dev.freshet.ingest.capture.ChangeSequence.State;
import dev.freshet.ingest.capture.ChangeSequence.Step;
import dev.freshet.ingest.capture.Entry;
import dev.freshet.ingest.capture.Ticks;
import dev.freshet.ingest.log.ChangeLog;
import dev.freshet.ingest.repair.RepairDesk;
import dev.freshet.ingest.source.CaptureEngine;
import dev.freshet.runtime.generation.BuildPace;
import dev.freshet.runtime.time.Micros;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey.Control;
import dev.freshet.schemas.record.DeadLetter;
import dev.freshet.schemas.record.IngestPosition;

/**
 * Appends what the engine hands over: one Kafka transaction per batch, more for a large source transaction, each with the
 * position that covers it. Ticks stand at boundaries whose time is known only, and of those in a batch only at the last.
 */
final class LogAppender implements CaptureEngine.Handler {
    private static final Duration CLOSING = Duration.ofSeconds(5);

    /** How much is left to read of a snapshot is not known. */
    private static final long WHOLE_TABLES = Long.MAX_VALUE;

    private final ChangeSequence sequence;
    private final ChangeLog log;
    private final Ticks ticks;
    private final Reporting reporting;
    private final int maxTransactionChanges;
    private final Time time;
    private long confirmed = -1;
    private long newestTick;
    private int letters;
    /** Held while a batch is appended. */
    private final ReentrantLock batch = new ReentrantLock();

    private volatile boolean closed;

    /**
     * Whom it tells of what it does.
     *
     * @param generation that it feeds
     * @param source the cluster that positions belong to
     * @param confirmed is given every offset up to which the slot may be confirmed
     * @param repairs that are under way
     * @param pace of a log that is fed beside one which readers depend on
     */
    record Reporting(
            int generation,
            IngestPosition.Source source,
            Consumer<Boundary> confirmed,
            LogProgress progress,
            RepairDesk repairs,
            BuildPace.Worker pace) {}

    LogAppender(
            ChangeSequence sequence,
            ChangeLog log,
            Ticks ticks,
            Reporting reporting,
            int maxTransactionChanges,
            Time time) {
        this.sequence = sequence;
        this.log = log;
        this.ticks = ticks;
        this.reporting = reporting;
        this.maxTransactionChanges = maxTransactionChanges;
        this.time = time;
    }

    /** Notes that a snapshot begins: found at the next start, it tells that this one ended before the snapshot did. */
    void begin() {
        commit(sequence.state());
    }

    /**
     * Waits for the batch that is under way, but not for ever, as while Kafka is away; those that come later are not appended, and the
     * next run gets them again.
     *
     * @return whether none is under way any more
     */
    boolean close() {
        closed = true;
        try {
            boolean isFree = batch.tryLock(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
            if (isFree) {
                batch.unlock();
            }
            return isFree;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public boolean handle(List<SourceRecord> records) {
        long begin = time.nanoTime();
        boolean moved;
        batch.lock();
        try {
            moved = !closed && append(records);
        } finally {
            batch.unlock();
        }
        if (!closed) {
            rest(begin, records.size());
        }
        return moved;
    }

    private void rest(long begin, int records) {
        if (sequence.state().boundary() == null) {
            reporting.pace().restAfterWorkSince(begin, WHOLE_TABLES);
        } else {
            reporting.pace().restAfterBatch(records);
        }
    }

    private boolean append(List<SourceRecord> records) {
        List<Step> steps = records.stream().map(sequence::next).toList();
        Step lastBoundary = null;
        for (Step step : steps) {
            lastBoundary = step.isTimed() ? step : lastBoundary;
        }
        boolean moved = false;
        for (Step step : steps) {
            if (step.endsSnapshot()) {
                endSnapshot(step);
            } else if (step == lastBoundary) {
                tick(step);
            }
            for (Entry entry : step.entries()) {
                append(entry, step.after().boundary() == null);
            }
            if (log.pending() >= maxTransactionChanges) {
                moved |= commit(step.after());
            }
        }
        moved |= log.isOpen() && commit(sequence.state());
        reporting.repairs().handled();
        return moved;
    }

    /**
     * Without a tick: the snapshot's time is one before it, and what was committed from then on until it was begun is in it too. Rows
     * that told that time would have what came behind it. The first tick is that of a transaction that was read behind the snapshot.
     */
    private void endSnapshot(Step step) {
        Boundary boundary = step.crossed();
        if (boundary != null) {
            log.appendToAll(Control.SNAPSHOT_END, new Change(boundary.lsn(), boundary.time(), Change.CONTROL));
            reporting.progress().enter(IngestProgress.Phase.STREAMING);
        }
    }

    private void tick(Step step) {
        Boundary boundary = step.crossed();
        if (boundary == null) {
            return;
        }
        BitSet due = ticks.due();
        if (!due.isEmpty()) {
            log.append(Control.TICK, new Change(boundary.lsn(), boundary.time(), Change.CONTROL), due);
            newestTick = boundary.lsn();
            reporting.progress().ticked(boundary.lsn(), boundary.time());
            reporting.pace().taken(Duration.of(Micros.of(time.now()) - boundary.time(), ChronoUnit.MICROS));
        }
    }

    private void append(Entry entry, boolean inSnapshot) {
        if (entry instanceof Entry.RowEntry row) {
            reporting.repairs().changed(row.key().user());
            ticks.touch(log.append(row.key(), row.change()));
            if (inSnapshot) {
                reporting.progress().snapshotRow(row.key().table());
            }
        } else if (entry instanceof Entry.ControlEntry control) {
            reporting.repairs().everyUserChanged();
            log.appendToAll(control.control(), control.change());
            ticks.touchAll();
        } else if (entry instanceof Entry.Mark mark) {
            // A mark is alone in its transaction, so what is appended here stands within none that changes rows.
            reporting.repairs().passes(mark).forEach(repaired -> append(repaired, false));
        } else if (entry instanceof Entry.Reset reset) {
            ticks.touch(log.append(reset.key(), reset.change()));
        } else if (entry instanceof Entry.Erasure erasure) {
            ticks.touch(log.erase(erasure.user(), erasure.rows()));
        } else if (entry instanceof Entry.Letter letter) {
            letters++;
            log.append(new DeadLetter(
                    reporting.generation(),
                    "ingest",
                    letter.place(),
                    letter.reason(),
                    letter.row(),
                    letter.key(),
                    letter.value(),
                    Micros.of(time.now())));
        }
    }

    /** Returns whether the offset that the slot may be confirmed up to has moved. */
    private boolean commit(State state) {
        Boundary boundary = state.boundary();
        int changes = log.pending();
        long begin = time.nanoTime();
        log.commit(new IngestPosition(
                reporting.generation(),
                boundary == null ? null : boundary.offset(),
                state.since(),
                state.last(),
                boundary != null,
                newestTick,
                state.sourceTime(),
                reporting.source(),
                Micros.of(time.now())));
        reporting.progress().commits().add(time.nanoTime() - begin);
        reporting.progress().committed(changes, letters);
        letters = 0;
        if (boundary == null) {
            return false;
        }
        reporting.confirmed().accept(boundary);
        boolean moved = boundary.lsn() != confirmed;
        confirmed = boundary.lsn();
        return moved;
    }
}
