package dev.freshet.runtime.filter;

/** A filter is not of the grammar of {@link RowFilter}; the message says what is not, and what is. */
public final class FilterSyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    FilterSyntaxException(String message) {
        super(message);
    }
}
