package dev.freshet.e2e.simulator;

import org.jspecify.annotations.Nullable;

/** Those who read user_features, and the swap that turns them from one generation to another. */
final class Readers {
    private final World world;
    private @Nullable Generation visible;
    private FeatureTable.@Nullable Progress seen;

    Readers(World world) {
        this.world = world;
    }

    /** Turns readers to a generation that is complete, and at least as complete as the one they see, if chance wants it. */
    void maybeTurnTo(Generation next) {
        boolean isEligible = !world.has(Rule.READERS_ARE_TURNED_TO_COMPLETE_GENERATIONS_ONLY) || isEligible(next);
        if (next != visible && world.random.nextInt(3) == 0 && isEligible) {
            visible = next;
        }
    }

    private boolean isEligible(Generation next) {
        FeatureTable.Progress offered = next.table.completeThrough();
        FeatureTable.Progress now = visible == null ? null : visible.table.completeThrough();
        return offered != null && (now == null || !offered.isBefore(now));
    }

    /** What readers see is complete, and complete_through does not fall, whichever generation it is of. */
    void look() {
        if (visible == null) {
            return;
        }
        FeatureTable.Progress now = visible.table.completeThrough();
        if (now == null || (seen != null && now.isBefore(seen))) {
            throw new Violation("readers see " + visible + " complete through " + now + ", and saw " + seen);
        }
        seen = now;
    }

    /** Going back is possible by one generation; what is older is fed no more. */
    void dropOlder() {
        Generation now = visible;
        if (now != null) {
            world.generations.stream()
                    .filter(generation -> generation.number < now.number - 1)
                    .forEach(generation -> generation.isGivenUp = true);
        }
    }
}
