package dev.freshet.ingest;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

import dev.freshet.ingest.capture.Boundary;
import dev.freshet.ingest.capture.Place;
import dev.freshet.ingest.source.Slot;
import dev.freshet.runtime.kafka.Topics;
import dev.freshet.runtime.time.Micros;
import dev.freshet.schemas.record.IngestPosition;

/** How to begin, given what the log of the generation and the source say. */
sealed interface StartDecision {
    /** Nothing is in the log: read the tables. A slot that exists holds nothing of use and is dropped. */
    record Snapshot(boolean dropSlot) implements StartDecision {}

    /** Go on behind the position. */
    record Resume(IngestPosition position) implements StartDecision {}

    /** Begin the next generation: the log of this one cannot be completed. */
    record NextGeneration(String reason, boolean dropSlot) implements StartDecision {}

    /** Only a person can decide. */
    record Refuse(String reason) implements StartDecision {}

    static StartDecision of(
            Optional<IngestPosition> position, Optional<Slot.State> slot, IngestPosition.Source source, Instant now) {
        if (position.isEmpty()) {
            return new Snapshot(slot.isPresent());
        }
        IngestPosition last = position.get();
        if (!last.snapshotComplete()) {
            return new NextGeneration("its snapshot was not completed", slot.isPresent());
        }
        String reason = refusal(last, slot, source, now);
        return reason == null ? new Resume(last) : new Refuse(reason);
    }

    private static @Nullable String refusal(
            IngestPosition last, Optional<Slot.State> slot, IngestPosition.Source source, Instant now) {
        if (!last.source().equals(source)) {
            return otherSource(last, source);
        }
        Duration age = Duration.between(Micros.toInstant(last.writtenAt()), now);
        if (age.compareTo(Topics.OLDEST_POSITION) > 0) {
            return "the position is " + age.toDays() + " days old, deletions may be compacted away unseen";
        }
        if (slot.isEmpty()) {
            return "the replication slot is gone, and with it the changes since the last run";
        }
        String offset = last.sourceOffset();
        return slotRefusal(offset == null ? 0 : Boundary.parse(offset).lsn(), slot.get());
    }

    static String otherSource(IngestPosition last, IngestPosition.Source source) {
        return "the source is " + source + ", the log was made from " + last.source();
    }

    /** Why changes behind the boundary cannot be had from the slot; null if they can. */
    static @Nullable String slotRefusal(long boundary, Slot.State slot) {
        if (slot.lost()) {
            return "the replication slot is lost: the source has removed WAL that was not read"
                    + " (max_slot_wal_keep_size)";
        }
        Long confirmed = slot.confirmed();
        if (confirmed != null && confirmed > boundary) {
            return "the replication slot is at lsn=" + Place.text(confirmed) + ", beyond lsn=" + Place.text(boundary)
                    + " which the log has reached: it was made anew, or somebody else reads from it";
        }
        return null;
    }
}
