package dev.freshet.schemas.avro;

/**
 * The registry answers, and has no schema of the id that the bytes name. It may have lost its schemas, or be behind: {@link
 * SchemaPatience} tells how long to wait.
 */
public final class UnknownSchemaException extends RegistryUnavailableException {
    private static final long serialVersionUID = 1L;
    private final int id;

    UnknownSchemaException(int id, Throwable cause) {
        super("the registry has no schema " + id, cause);
        this.id = id;
    }

    int id() {
        return id;
    }
}
