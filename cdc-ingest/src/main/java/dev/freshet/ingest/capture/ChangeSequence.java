package dev.freshet.ingest.capture;

import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.record.IngestPosition;
import dev.freshet.schemas.record.IngestPosition.Identity;

/**
 * Follows the captured records in their order: finds the boundaries between source transactions, keeps the running maximum
 * of commit times, and drops what a restarted engine sends again. Not safe for use by several threads.
 *
 * <p>A boundary is where {@link Place#completed()} rises: Debezium moves it at a COMMIT, before it enqueues what follows.
 * Heartbeats alone mark none, one can stand in the middle of a transaction.
 */
public final class ChangeSequence {
    /** The time of a transaction of which nothing was read. */
    private static final long UNTOLD = Long.MIN_VALUE;

    /**
     * How far the log has come.
     *
     * @param boundary the newest; null while the snapshot is read
     * @param since changes behind it
     * @param last the last of these; null if none
     * @param sourceTime running maximum of the commit times of completed transactions, in epoch microseconds
     */
    public record State(
            @Nullable Boundary boundary,
            long since,
            @Nullable Identity last,
            long sourceTime) {}

    /**
     * What one record adds.
     *
     * @param crossed the boundary that stands before it; null if none does
     * @param endsSnapshot whether that boundary is the end of the snapshot
     * @param isTimed whether that boundary's time counts a commit that was read since: behind a snapshot, until then, it is from before
     *     it, and what was committed up to its begin is later
     * @param entries to append behind that boundary
     * @param after the state with all of that in the log
     */
    public record Step(
            @Nullable Boundary crossed, boolean endsSnapshot, boolean isTimed, List<Entry> entries, State after) {}

    private final EventReader reader;
    private final Resend resend;
    private State state;
    private long openTime = UNTOLD;

    private ChangeSequence(EventReader reader, Resend resend, State state) {
        this.reader = reader;
        this.resend = resend;
        this.state = state;
    }

    /**
     * From a snapshot on.
     *
     * @param sourceTime a time on the source's clock before the snapshot was begun: every transaction that had its commit
     *     time by then is in the snapshot
     */
    public static ChangeSequence fromSnapshot(EventReader reader, long sourceTime) {
        return new ChangeSequence(reader, new Resend(0, null), new State(null, 0, null, sourceTime));
    }

    /** From a position on, whose snapshot is complete. */
    public static ChangeSequence from(EventReader reader, IngestPosition position) {
        if (position.sourceOffset() == null) {
            throw new IllegalArgumentException("no boundary in " + position);
        }
        return new ChangeSequence(
                reader,
                new Resend(position.appendedSince(), position.last()),
                new State(
                        Boundary.parse(position.sourceOffset()),
                        position.appendedSince(),
                        position.last(),
                        position.sourceTime()));
    }

    public State state() {
        return state;
    }

    /**
     * @throws IdentityLostException if an order's change does not tell whose order it was
     * @throws ResendMismatchException if the engine sends again something else than it did
     */
    public Step next(SourceRecord record) {
        Place place = Place.of(record);
        Boundary crossed = crossed(place);
        boolean endsSnapshot = crossed != null && state.boundary() == null;
        if (endsSnapshot && reader.isChange(record)) {
            // The engine always sends a heartbeat behind the last row: its LSN is the snapshot's, a change's is not.
            throw new IllegalStateException("no heartbeat between the snapshot and the change at " + place);
        }
        boolean isTimed = crossed != null && !endsSnapshot && (place.afterCommit() || openTime != UNTOLD);
        if (crossed != null) {
            if (!endsSnapshot) {
                resend.boundary(crossed.lsn());
            }
            state = new State(crossed, 0, null, crossed.time());
        }
        return new Step(crossed, endsSnapshot, isTimed, entries(record, place), state);
    }

    private @Nullable Boundary crossed(Place place) {
        Boundary boundary = state.boundary();
        if (boundary == null) {
            return place.snapshot() ? null : new Boundary(place.lsn(), state.sourceTime());
        }
        if (place.snapshot()) {
            throw new IllegalStateException("a snapshot record behind the snapshot's end: " + place);
        }
        Long completed = place.completed();
        if (completed == null || completed == boundary.lsn()) {
            return null;
        }
        if (completed < boundary.lsn()) {
            throw new IllegalStateException(
                    "the engine went back to lsn=" + Place.text(completed) + " from lsn=" + Place.text(boundary.lsn()));
        }
        // Commit times are not in commit order: the newest transaction's may be the earlier one.
        long committed = place.afterCommit() ? Math.max(openTime, place.time()) : openTime;
        return new Boundary(completed, Math.max(state.sourceTime(), committed));
    }

    private List<Entry> entries(SourceRecord record, Place place) {
        if (state.boundary() == null) {
            return reader.entries(record, place, state.sourceTime());
        }
        if (!reader.isChange(record)) {
            List<Entry> marks = reader.signOfLife(record, place);
            if (reader.isMessage(record)) {
                openTime = place.time();
            }
            return marks;
        }
        openTime = place.time();
        if (resend.drops(place)) {
            return List.of();
        }
        state = new State(
                state.boundary(), state.since() + 1, new Identity(place.lsn(), place.xid()), state.sourceTime());
        return reader.entries(record, place, place.time());
    }
}
