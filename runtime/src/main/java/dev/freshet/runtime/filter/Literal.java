package dev.freshet.runtime.filter;

/**
 * A constant.
 *
 * @param text without quotes; of numbers the shortest spelling, of booleans {@code true} or {@code false}
 */
public record Literal(Kind kind, String text) {
    /** What it can be compared with. */
    public enum Kind {
        STRING,
        NUMBER,
        BOOLEAN
    }

    /** Whether a column's value, which is not NULL, is this. */
    boolean is(Object value) {
        return text.equals(value.toString());
    }
}
