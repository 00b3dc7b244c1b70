package dev.freshet.schemas.avro;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * How long bytes are waited for whose schema the registry does not know: {@link #LENGTH} from when this process was first told
 * so, and anew after an outage. How old the bytes are tells nothing of that: a registry that was restored from an old backup
 * knows the schema of no byte of a backlog. It has to live for as long as the process reads, whatever begins again meanwhile.
 */
public final class SchemaPatience {
    /** Time to restore a registry in. */
    public static final Duration LENGTH = Duration.ofMinutes(10);

    private final LongSupplier nanoTime;
    private final Map<Integer, Long> since = new ConcurrentHashMap<>();

    /** @param nanoTime a clock for durations, in nanoseconds */
    public SchemaPatience(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * As {@link RegistryAvro#decode}, with an end to the waiting.
     *
     * @throws UndecodableException also if the registry has had no schema of theirs for so long: a dead letter
     * @throws RegistryUnavailableException to be tried again
     */
    public <T> T decode(RegistryAvro<T> codec, byte[] bytes) {
        try {
            return codec.decode(bytes);
        } catch (UnknownSchemaException e) {
            long now = nanoTime.getAsLong();
            if (now - since.computeIfAbsent(e.id(), id -> now) < LENGTH.toNanos()) {
                throw e;
            }
            throw new UndecodableException(e.getMessage() + ", and had none for " + LENGTH.toMinutes() + " minutes", e);
        } catch (RegistryUnavailableException e) {
            since.clear();
            throw e;
        }
    }
}
