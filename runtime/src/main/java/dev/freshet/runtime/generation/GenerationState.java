package dev.freshet.runtime.generation;

import java.util.Locale;

/** What becomes of a generation. Each arrow is one method of {@link Generations}. */
public enum GenerationState {
    /** It is being filled; nobody reads it yet. Becomes LIVE or ABANDONED. */
    BUILDING,
    /** It is the one that readers see. Becomes STANDBY when another one does. */
    LIVE,
    /** Readers saw it before, and may again: it goes on being fed. Becomes LIVE, ABANDONED or DROPPED. */
    STANDBY,
    /** Given up: nothing feeds it. Becomes DROPPED. */
    ABANDONED,
    /** Its table and topics may be gone. */
    DROPPED;

    /** True if changes still flow into it. */
    public boolean isFed() {
        return this == BUILDING || this == LIVE || this == STANDBY;
    }

    /** In lower case, as in the register and for people. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static GenerationState ofText(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
