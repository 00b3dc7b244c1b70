package dev.freshet.schemas.avro;

/** The bytes are not a value of the expected schema, and never will be: a dead letter, not something to retry. */
public final class UndecodableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UndecodableException(String message) {
        super(message);
    }

    UndecodableException(String message, Throwable cause) {
        super(message, cause);
    }
}
