package dev.freshet.e2e.simulator;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.feature.FeatureKey;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.sink.rule.Batch;
import dev.freshet.sink.rule.Claim;

/**
 * A process that writes some partitions. Another one may have taken them over meanwhile, and it may be stalled between what
 * it read and what it writes for as long as chance wants.
 */
final class Sink {
    private final Generation generation;
    private final World world;
    private final int[] partitions;
    private final long[] positions;

    private @Nullable Batch batch;
    private List<Claim> claims = List.of();

    /** By claim, how old what is read is; as far as it is known. */
    private final int[] days;

    private boolean isAlive = true;

    Sink(Generation generation, int[] partitions, World world) {
        this.generation = generation;
        this.world = world;
        this.partitions = partitions;
        positions = new long[partitions.length];
        days = new int[partitions.length];
        readPositions();
    }

    private void readPositions() {
        for (int i = 0; i < partitions.length; i++) {
            if (world.day - generation.table.positionDay(partitions[i]) > World.OLDEST_POSITION_DAYS
                    && world.has(Rule.OLD_POSITIONS_ARE_REFUSED)) {
                generation.isGivenUp = true;
                isAlive = false;
            }
            positions[i] = generation.table.position(partitions[i]);
            days[i] = generation.table.positionDay(partitions[i]);
        }
    }

    boolean isAlive() {
        return isAlive;
    }

    void kill() {
        isAlive = false;
    }

    void step(int atMost) {
        if (batch == null) {
            poll(atMost);
        } else {
            write();
        }
    }

    private void poll(int atMost) {
        Batch next = new Batch();
        claims = new ArrayList<>();
        for (int i = 0; i < partitions.length; i++) {
            TopicPartition.Poll<FeatureKey, FeatureUpdate> poll = generation
                    .features
                    .get(partitions[i])
                    .read(positions[i], atMost, world.has(Rule.SINK_READS_COMMITTED));
            for (TopicPartition.Entry<FeatureKey, FeatureUpdate> entry : poll.entries()) {
                if (entry.value != null) { // else the end of an erased user, behind the removal
                    next.add(entry.key, entry.value);
                }
                days[i] = entry.day;
                if (world.isCompactable(entry.day) && world.has(Rule.LATE_ENTRIES_ARE_REFUSED)) {
                    generation.isGivenUp = true;
                    isAlive = false;
                    return;
                }
            }
            claims.add(new Claim(partitions[i], positions[i], poll.next()));
        }
        batch = next;
    }

    private void write() {
        boolean isCommitted = generation.table.write(claims, days, batch);
        boolean isOutcomeKnown = world.random.nextInt(12) != 0;
        batch = null;
        if (!isOutcomeKnown) {
            readPositions(); // whatever became of the transaction: the target knows where to go on
        } else if (isCommitted) {
            for (int i = 0; i < positions.length; i++) {
                positions[i] = claims.get(i).next();
            }
        } else {
            isAlive = false;
        }
    }
}
