package dev.freshet.ops.drift;

/** The comparison cannot be made; the message says why, for a person. */
public final class DriftCheckException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DriftCheckException(String message) {
        super(message);
    }
}
