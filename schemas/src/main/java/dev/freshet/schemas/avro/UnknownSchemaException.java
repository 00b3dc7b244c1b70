package dev.freshet.schemas.avro;

import java.time.Duration;

/**
 * The registry answers, and has no schema of the id that the bytes name. It may have lost its schemas, or be behind; bytes
 * that have been in their topic for {@link #PATIENCE} are a dead letter.
 */
public final class UnknownSchemaException extends RegistryUnavailableException {
    /** Time to restore a registry in. */
    public static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final long serialVersionUID = 1L;

    UnknownSchemaException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What to make of it, of bytes that have been in their topic for {@code age}: this one still, or a dead letter. */
    public RuntimeException after(Duration age) {
        return age.compareTo(PATIENCE) < 0
                ? this
                : new UndecodableException(
                        getMessage() + ", " + PATIENCE.toMinutes() + " minutes after they were written", this);
    }
}
