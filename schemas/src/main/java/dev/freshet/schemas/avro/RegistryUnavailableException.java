package dev.freshet.schemas.avro;

import org.jspecify.annotations.Nullable;

/** The registry gave no answer, or not one of its own: an outage, to be waited out and never a dead letter. */
public class RegistryUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RegistryUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
