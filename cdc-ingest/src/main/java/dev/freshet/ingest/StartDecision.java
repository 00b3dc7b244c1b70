package dev.freshet.ingest;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

import dev.freshet.ingest.capture.Boundary;
import dev.freshet.ingest.capture.Place;
import dev.freshet.ingest.source.Slot;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.kafka.Topics;
import dev.freshet.runtime.time.Micros;
import dev.freshet.schemas.record.IngestPosition;

/** How to begin, given what the register, the brokers and the source say of a generation. */
sealed interface StartDecision {
    String INCOMPLETE = "its snapshot was not completed";

    /** Nothing is in the log: read the tables. A slot that exists holds nothing of use and is dropped. */
    record Snapshot(boolean dropSlot) implements StartDecision {}

    /** Go on behind the position. */
    record Resume(IngestPosition position) implements StartDecision {}

    /** Begin the next generation: the log of this one cannot be completed. */
    record NextGeneration(String reason) implements StartDecision {}

    /** Only a person can decide. */
    record Refuse(String reason) implements StartDecision {}

    /**
     * What is there of a generation.
     *
     * @param state as the register says
     * @param isBegun whether an ingest has begun to read the tables for it
     * @param position the last one committed with its log
     * @param isLogThere whether every partition of its log holds something
     */
    record Found(GenerationState state, boolean isBegun, Optional<IngestPosition> position, boolean isLogThere) {}

    /**
     * What is there of the source.
     *
     * @param walEnd up to where it has written
     */
    record Source(IngestPosition.Source cluster, long walEnd, Optional<Slot.State> slot) {}

    static StartDecision of(Found found, Source source, Instant now) {
        boolean hasSlot = source.slot().isPresent();
        if (found.position().isEmpty()) {
            if (!found.isBegun()) {
                return new Snapshot(hasSlot);
            }
            String lost = "it was begun, and the brokers have no position of it: they have lost what they held";
            return found.state() == GenerationState.BUILDING ? new NextGeneration(lost) : new Refuse(lost);
        }
        if (!found.isBegun() && found.state() == GenerationState.BUILDING) {
            return new NextGeneration("the brokers have another log of its number: the register is older");
        }
        IngestPosition last = found.position().get();
        if (!last.snapshotComplete()) {
            return found.state() == GenerationState.BUILDING
                    ? new NextGeneration(INCOMPLETE)
                    : new Refuse(INCOMPLETE + " by what the brokers hold: they were restored to an older state");
        }
        String reason = refusal(last, found, source, now);
        return reason == null ? new Resume(last) : new Refuse(reason);
    }

    private static @Nullable String refusal(IngestPosition last, Found found, Source source, Instant now) {
        if (!last.source().equals(source.cluster())) {
            return otherSource(last, source.cluster());
        }
        if (!found.isLogThere()) {
            return "partitions of its log are empty: the brokers have lost what they held";
        }
        Duration age = Duration.between(Micros.toInstant(last.writtenAt()), now);
        if (age.compareTo(Topics.OLDEST_POSITION) > 0) {
            return "the position is " + age.toDays() + " days old, deletions may be compacted away unseen";
        }
        if (source.slot().isEmpty()) {
            return "the replication slot is gone, and with it the changes since the last run";
        }
        String offset = last.sourceOffset();
        long reached = offset == null ? 0 : Boundary.parse(offset).lsn();
        if (source.walEnd() < reached) {
            return "the source's WAL ends at lsn=" + Place.text(source.walEnd()) + ", before lsn=" + Place.text(reached)
                    + " which the log has reached: it was restored from a backup";
        }
        return slotRefusal(reached, source.slot().get());
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
