package dev.freshet.serving.export;

import java.util.Locale;

/** What becomes of labels whose user or instant cannot be read. */
public enum BadRows {
    /** Nothing is exported, and the first of them are told. */
    REFUSE,
    /** They get no features, and are counted. */
    NULL;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
