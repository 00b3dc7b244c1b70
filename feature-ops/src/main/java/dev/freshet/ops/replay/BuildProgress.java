package dev.freshet.ops.replay;

import org.jspecify.annotations.Nullable;

/**
 * How far a generation is.
 *
 * @param done of the stage, in entries
 * @param total of the stage, as of now: what is appended meanwhile is done too
 * @param obstacle what keeps it from being swapped in; null if nothing does
 */
public record BuildProgress(
        int generation,
        Stage stage,
        long done,
        long total,
        @Nullable String obstacle) {

    /** In their order. */
    public enum Stage {
        /** No job has begun to read. */
        WAITING,
        /** Streams reads the change log. */
        READING,
        /** The sink writes what streams has computed. */
        WRITING,
        /** It holds every user, and is behind the live one for a moment. */
        CATCHING_UP,
        /** It can be swapped in. */
        COMPLETE
    }

    /** From 0 to 1, of the stage. */
    public double fraction() {
        return stage == Stage.COMPLETE || stage == Stage.CATCHING_UP ? 1 : total <= 0 ? 0 : (double) done / total;
    }

    /** Whether nothing has to be waited for but the live one's next tick. */
    public boolean isComplete() {
        return stage == Stage.COMPLETE || stage == Stage.CATCHING_UP;
    }
}
