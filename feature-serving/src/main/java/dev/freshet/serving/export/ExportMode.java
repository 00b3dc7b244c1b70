package dev.freshet.serving.export;

/** Where the features come from. */
public enum ExportMode {
    /** Recomputed from the source's orders: what was right at the instant, by all that is known now. */
    EVENT_TIME("event-time"),
    /** What user_features showed a reader at the instant. */
    AS_SERVED("as-served"),
    /** Both side by side, and their difference. */
    BOTH("both");

    private final String text;

    ExportMode(String text) {
        this.text = text;
    }

    /** As it is written on the command line and in the manifest. */
    public String text() {
        return text;
    }

    boolean readsSource() {
        return this != AS_SERVED;
    }

    boolean readsTarget() {
        return this != EVENT_TIME;
    }

    @Override
    public String toString() {
        return text;
    }
}
