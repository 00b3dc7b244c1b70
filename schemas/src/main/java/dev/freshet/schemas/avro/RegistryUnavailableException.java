package dev.freshet.schemas.avro;

/** The registry gave no answer, or not one of its own: an outage, to be waited out and never a dead letter. */
public final class RegistryUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
