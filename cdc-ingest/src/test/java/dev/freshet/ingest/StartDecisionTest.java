package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import dev.freshet.ingest.StartDecision.Found;
import dev.freshet.ingest.capture.Boundary;
import dev.freshet.ingest.source.Slot;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.time.Micros;
import dev.freshet.schemas.record.IngestPosition;
import dev.freshet.schemas.record.IngestPosition.Source;

class StartDecisionTest {
    private static final Instant NOW = Instant.parse("2026-01-10T00:00:00Z");
    private static final Source HERE = new Source("7", 1);

    private static IngestPosition position(boolean complete, Instant writtenAt) {
        String offset = complete ? new Boundary(100, 5).offset() : null;
        return new IngestPosition(1, offset, 0, null, complete, 100, 5, HERE, Micros.of(writtenAt));
    }

    private static Optional<Slot.State> slot(Long confirmed, boolean lost) {
        return Optional.of(new Slot.State("shop", "pgoutput", confirmed, lost, false));
    }

    private static StartDecision decide(IngestPosition position, Optional<Slot.State> slot) {
        return decide(found(position), slot, HERE);
    }

    private static StartDecision decide(Found found, Optional<Slot.State> slot, Source cluster) {
        return StartDecision.of(found, new StartDecision.Source(cluster, 200, slot), NOW);
    }

    private static Found found(IngestPosition position) {
        return new Found(GenerationState.LIVE, position != null, Optional.ofNullable(position), true);
    }

    private static void assertRefused(StartDecision decision, String reason) {
        assertThat(decision).isInstanceOfSatisfying(StartDecision.Refuse.class, refuse -> assertThat(refuse.reason())
                .contains(reason));
    }

    @Test
    void anEmptyLogBeginsWithASnapshotAndASlotOfNoUseIsDropped() {
        assertThat(decide(null, Optional.empty())).isEqualTo(new StartDecision.Snapshot(false));
        assertThat(decide(null, slot(5L, false))).isEqualTo(new StartDecision.Snapshot(true));
    }

    @Test
    void anUnfinishedSnapshotIsNotGoneOnWith() {
        Found building = new Found(GenerationState.BUILDING, true, Optional.of(position(false, NOW)), true);
        assertThat(decide(building, slot(5L, false), HERE))
                .isEqualTo(new StartDecision.NextGeneration("its snapshot was not completed"));
        assertThat(decide(building, Optional.empty(), HERE))
                .isEqualTo(new StartDecision.NextGeneration("its snapshot was not completed"));
        assertRefused(decide(position(false, NOW), slot(5L, false)), "they were restored to an older state");
    }

    @Test
    void aCompletePositionIsResumed() {
        IngestPosition position = position(true, NOW.minus(Duration.ofDays(6)));
        assertThat(decide(position, slot(100L, false))).isEqualTo(new StartDecision.Resume(position));
    }

    @Test
    void aPositionOlderThanTheTombstonesIsRefused() {
        IngestPosition old = position(true, NOW.minus(Duration.ofDays(6)).minusSeconds(1));
        assertRefused(decide(old, slot(100L, false)), "6 days old");
    }

    @Test
    void aSlotThatCannotSendTheNextChangeIsRefused() {
        assertRefused(decide(position(true, NOW), Optional.empty()), "slot is gone");
        assertRefused(decide(position(true, NOW), slot(100L, true)), "slot is lost");
        assertRefused(decide(position(true, NOW), slot(101L, false)), "beyond lsn=0/64");
    }

    @Test
    void anotherClusterOrTimelineIsRefused() {
        for (Source other : new Source[] {new Source("8", 1), new Source("7", 2)}) {
            assertRefused(decide(found(position(true, NOW)), slot(100L, false), other), "the log was made from");
        }
    }

    @Test
    void aSourceThatEndsBeforeThePositionIsRefused() {
        StartDecision.Source restored = new StartDecision.Source(HERE, 99, slot(50L, false));
        assertRefused(
                StartDecision.of(found(position(true, NOW)), restored, NOW),
                "ends at lsn=0/63, before lsn=0/64 which the log has reached");
    }

    @Test
    void aLogThatTheBrokersHaveLostIsBegunAnewByItselfOnlyIfNobodyReadsIt() {
        Found live = new Found(GenerationState.LIVE, true, Optional.empty(), false);
        assertRefused(decide(live, slot(100L, false), HERE), "the brokers have no position of it");
        Found building = new Found(GenerationState.BUILDING, true, Optional.empty(), false);
        assertThat(decide(building, slot(100L, false), HERE)).isInstanceOf(StartDecision.NextGeneration.class);
        Found empty = new Found(GenerationState.LIVE, true, Optional.of(position(true, NOW)), false);
        assertRefused(decide(empty, slot(100L, false), HERE), "partitions of its log are empty");
    }

    @Test
    void aNumberThatWasUsedBeforeIsPassedOver() {
        Found older = new Found(GenerationState.BUILDING, false, Optional.of(position(true, NOW)), true);
        assertThat(decide(older, slot(100L, false), HERE)).isInstanceOf(StartDecision.NextGeneration.class);
    }
}
