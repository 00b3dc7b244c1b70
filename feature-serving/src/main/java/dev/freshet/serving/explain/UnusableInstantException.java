package dev.freshet.serving.explain;

/** An instant at which nothing can be explained. The message says which, why, and what to write instead. */
public final class UnusableInstantException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnusableInstantException(String message) {
        super(message);
    }
}
