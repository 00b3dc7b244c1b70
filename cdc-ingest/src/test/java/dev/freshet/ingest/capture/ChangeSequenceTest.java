package dev.freshet.ingest.capture;

import static dev.freshet.ingest.capture.Records.at;
import static dev.freshet.ingest.capture.Records.order;
import static dev.freshet.ingest.capture.Records.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

import dev.freshet.ingest.capture.ChangeSequence.State;
import dev.freshet.ingest.capture.ChangeSequence.Step;
import dev.freshet.schemas.record.IngestPosition;
import dev.freshet.schemas.record.IngestPosition.Identity;

class ChangeSequenceTest {
    private static final EventReader READER =
            new EventReader(Records.MAPPING, "x", ReplicaIdentity.FULL, tables("numeric"), () -> tables("text"));

    private static TableDefinitions tables(String type) {
        return new TableDefinitions("column total of public.orders: " + type);
    }

    private static SourceRecord insert(Records place, long id) {
        return place.orders("c", null, order(id, 1L, "2", null));
    }

    private static ChangeSequence resumed(long since, Identity last) {
        return ChangeSequence.from(
                READER,
                new IngestPosition(
                        1,
                        new Boundary(100, 60).offset(),
                        since,
                        last,
                        true,
                        100,
                        60,
                        new IngestPosition.Source("s", 1),
                        0));
    }

    @Test
    void theFirstRecordBehindTheSnapshotEndsIt() {
        ChangeSequence sequence = ChangeSequence.fromSnapshot(READER, 42);
        Step row = sequence.next(at(50, 9).inSnapshot().users("r", null, user(1)));
        assertThat(row.crossed()).isNull();
        assertThat(row.entries()).hasSize(1);
        assertThat(row.after()).isEqualTo(new State(null, 0, null, 42));

        Step end = sequence.next(at(50, 9).heartbeat());
        assertThat(end.endsSnapshot()).isTrue();
        assertThat(end.crossed()).isEqualTo(new Boundary(50, 42));
        assertThat(end.after()).isEqualTo(new State(new Boundary(50, 42), 0, null, 42));
    }

    @Test
    void aSnapshotOfNothingEndsWithTheFirstHeartbeat() {
        assertThat(ChangeSequence.fromSnapshot(READER, 42)
                        .next(at(50, 9).heartbeat())
                        .endsSnapshot())
                .isTrue();
    }

    /** A tick there would tell a time before what the snapshot has: of a transaction of others nothing is read. */
    @Test
    void behindASnapshotABoundaryIsTimedOnceACommitWasRead() {
        ChangeSequence sequence = ChangeSequence.fromSnapshot(READER, 42);
        assertThat(sequence.next(at(50, 9).heartbeat()).isTimed()).isFalse();
        Step ofOthers = sequence.next(insert(at(60, 10).after(55), 1));
        assertThat(ofOthers.crossed()).isEqualTo(new Boundary(55, 42));
        assertThat(ofOthers.isTimed()).isFalse();
        Step ofThat = sequence.next(at(70, 11).after(65).heartbeat());
        assertThat(ofThat.crossed()).isEqualTo(new Boundary(65, 100));
        assertThat(ofThat.isTimed()).isTrue();
    }

    /** Its time may be from before the snapshot still. */
    @Test
    void behindAPositionABoundaryIsTimedOnceACommitWasRead() {
        ChangeSequence sequence = resumed(0, null);
        assertThat(sequence.next(at(125, 9).after(120).heartbeat()).isTimed()).isFalse();
        assertThat(sequence.next(at(140, 8).heartbeatAfterCommit()).isTimed()).isTrue();
    }

    /** Its instant would be before that of changes that stand in the log already. */
    @Test
    void aRowOfASnapshotBehindTheSnapshotIsRefused() {
        ChangeSequence sequence = resumed(0, null);

        assertThatThrownBy(() -> sequence.next(at(120, 9).inSnapshot().users("r", null, user(1))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("behind the snapshot's end");
    }

    @Test
    void aChangeRightBehindTheSnapshotIsRefused() {
        assertThatThrownBy(() -> ChangeSequence.fromSnapshot(READER, 42).next(insert(at(60, 9), 1)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aBoundaryIsWhereTheCompletedTransactionRises() {
        ChangeSequence sequence = resumed(0, null);
        assertThat(sequence.next(insert(at(110, 7).after(100), 1)).crossed()).isNull();
        assertThat(sequence.next(at(110, 7).after(100).heartbeat()).crossed())
                .as("a heartbeat in the middle of a transaction")
                .isNull();
        assertThat(sequence.next(insert(at(120, 7).after(100), 2)).after())
                .isEqualTo(new State(new Boundary(100, 60), 2, new Identity(120, 7), 60));

        Step next = sequence.next(insert(at(130, 8).after(130), 3));
        assertThat(next.crossed()).isEqualTo(new Boundary(130, 70));
        assertThat(next.endsSnapshot()).isFalse();
        assertThat(next.after()).isEqualTo(new State(new Boundary(130, 70), 1, new Identity(130, 8), 70));

        Step beat = sequence.next(at(140, 8).heartbeatAfterCommit());
        assertThat(beat.after()).isEqualTo(new State(new Boundary(140, 80), 0, null, 80));
        assertThat(sequence.next(at(140, 8).heartbeatAfterCommit()).crossed()).isNull();
    }

    @Test
    void theTimeOfATransactionThatOnlyBeganDoesNotCount() {
        ChangeSequence sequence = resumed(0, null);
        // A heartbeat behind a BEGIN carries the new transaction's time; 70 is that of transaction 7, which ended.
        sequence.next(insert(at(110, 7).after(100), 1));
        Step beat = sequence.next(at(125, 9).after(120).heartbeat());
        assertThat(beat.crossed()).isEqualTo(new Boundary(120, 70));
    }

    @Test
    void sourceTimeNeverFalls() {
        ChangeSequence sequence = resumed(0, null);
        assertThat(sequence.next(at(140, 5).heartbeatAfterCommit()).crossed()).isEqualTo(new Boundary(140, 60));
    }

    @Test
    void changesThatAreInTheLogAreDroppedOnce() {
        ChangeSequence sequence = resumed(2, new Identity(110, 7));
        assertThat(sequence.next(insert(at(110, 7).after(100), 1)).entries()).isEmpty();
        assertThat(sequence.next(at(110, 7).after(100).heartbeat()).entries()).isEmpty();
        assertThat(sequence.next(insert(at(110, 7).after(100), 2)).entries()).isEmpty();
        Step third = sequence.next(insert(at(110, 7).after(100), 3));
        assertThat(third.entries()).hasSize(1);
        assertThat(third.after()).isEqualTo(new State(new Boundary(100, 60), 3, new Identity(110, 7), 60));
    }

    @Test
    void anotherLastChangeIsAMismatch() {
        ChangeSequence sequence = resumed(1, new Identity(110, 7));
        assertThatThrownBy(() -> sequence.next(insert(at(110, 8).after(100), 1)))
                .isInstanceOf(ResendMismatchException.class);
    }

    @Test
    void aShorterTransactionIsAMismatch() {
        ChangeSequence sequence = resumed(2, new Identity(120, 7));
        sequence.next(insert(at(110, 7).after(100), 1));
        assertThatThrownBy(() -> sequence.next(at(125, 7).heartbeatAfterCommit()))
                .isInstanceOf(ResendMismatchException.class);
    }

    @Test
    void anEngineThatGoesBackIsRefused() {
        ChangeSequence sequence = resumed(0, null);
        assertThatThrownBy(() -> sequence.next(insert(at(95, 7).after(90), 1)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theHeartbeatTellsOfAChangedTable() {
        ChangeSequence sequence = resumed(0, null);
        String mark = tables("numeric").mark(Records.MAPPING);
        assertThat(sequence.next(at(110, 7).after(100).message(mark)).entries()).isEmpty();
        String other = "another deployment's";
        assertThat(sequence.next(at(115, 8).after(110).message(other)).entries())
                .isEmpty();
        String changed = tables("text").mark(Records.MAPPING);
        assertThatThrownBy(() -> sequence.next(at(120, 8).after(115).message(changed)))
                .isInstanceOf(TableChangedException.class)
                .hasMessageContaining("column total of public.orders was numeric, is text");
    }

    @Test
    void aMarkOfARepairIsNoChangeAndStandsBehindTheBoundary() {
        ChangeSequence sequence = resumed(0, null);
        sequence.next(insert(at(110, 7).after(100), 1));
        String token = "0c3f2e0a-9a4e-4a2c-8d3c-0f1e2d3c4b5a";
        Step step = sequence.next(at(125, 8).after(120).message(Entry.Mark.text(token, true)));
        assertThat(step.crossed()).isEqualTo(new Boundary(120, 70));
        assertThat(step.entries()).containsExactly(new Entry.Mark(token, true, 125, 80));
        assertThat(step.after()).isEqualTo(new State(new Boundary(120, 70), 0, null, 70));
    }

    @Test
    void theOffsetOfABoundaryIsReadBack() {
        Boundary boundary = new Boundary(0x1_0000_0000L, 1_795_254_119_257_264L);
        assertThat(Boundary.parse(boundary.offset())).isEqualTo(boundary);
        assertThat(boundary.offset()).doesNotContain("lsn_proc");
    }
}
