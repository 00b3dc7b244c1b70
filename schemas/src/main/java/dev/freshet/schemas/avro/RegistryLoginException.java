package dev.freshet.schemas.avro;

/** The registry does not let us in, or not to that subject: a person must act. */
public final class RegistryLoginException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RegistryLoginException(String message, Throwable cause) {
        super(message, cause);
    }
}
