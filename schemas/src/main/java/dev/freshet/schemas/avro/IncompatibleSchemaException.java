package dev.freshet.schemas.avro;

/** The registry refuses our schema as incompatible with what is under its subject: a person must act. */
public final class IncompatibleSchemaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    IncompatibleSchemaException(String message, Throwable cause) {
        super(message, cause);
    }
}
