package dev.freshet.runtime.lifecycle;

import org.jspecify.annotations.Nullable;

/**
 * A text as the value of a key in a log line: in quotes, those in it behind a backslash. Line breaks stay, for what has several lines is
 * written for a person.
 */
public final class Quoted {
    private final String text;

    private Quoted(String text) {
        this.text = text;
    }

    /** Written down only if the line is. */
    public static Quoted of(@Nullable Object text) {
        return new Quoted(String.valueOf(text));
    }

    @Override
    public String toString() {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
