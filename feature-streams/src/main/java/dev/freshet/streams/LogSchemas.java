package dev.freshet.streams;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.lifecycle.Quoted;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.avro.RegistryAvro;
import dev.freshet.schemas.avro.RegistryUnavailableException;
import dev.freshet.schemas.avro.SchemaPatience;
import dev.freshet.schemas.avro.UndecodableException;
import dev.freshet.schemas.change.Change;

/**
 * Finds out which schemas wrote the entries of a change log, before they come to a task and on a thread of its own: a task that
 * waited for the registry would hold its transaction open. One for each job, whatever becomes of its tasks.
 */
final class LogSchemas {
    private static final Logger log = LoggerFactory.getLogger(LogSchemas.class);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final RegistryAvro<Change> codec;
    private final SchemaPatience patience;
    private final Time time;
    private final Executor asker;
    private final Set<Integer> asking = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Long> asked = new ConcurrentHashMap<>();
    private final Map<Integer, UndecodableException> givenUp = new ConcurrentHashMap<>();

    LogSchemas(RegistryAvro<Change> codec, Time time) {
        this.codec = codec;
        this.time = time;
        patience = new SchemaPatience(time::nanoTime);
        asker = new ThreadPoolExecutor(0, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "log-schemas");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Whether it is known what to make of an entry; if not, it is being found out. Does not wait. */
    boolean isSettled(byte @Nullable [] value) {
        if (value == null || codec.isSettled(value)) {
            return true;
        }
        int id = RegistryAvro.schemaId(value);
        Long before = asked.get(id);
        if ((before == null || time.nanoTime() - before >= AGAIN.toNanos()) && asking.add(id)) {
            asker.execute(() -> ask(id, value));
        }
        return givenUp.containsKey(id);
    }

    private void ask(int id, byte[] value) {
        try {
            patience.decode(codec, value);
            givenUp.remove(id);
        } catch (UndecodableException e) {
            givenUp.put(id, e);
        } catch (RegistryUnavailableException e) {
            if (!asked.containsKey(id)) {
                log.warn("waiting for the schema of entries id={} reason={}", id, Quoted.of(e.getMessage()));
            }
        } finally {
            asked.put(id, time.nanoTime());
            asking.remove(id);
        }
    }

    /**
     * Asks the registry for nothing that is settled.
     *
     * @throws UndecodableException if it is a dead letter
     */
    Change decode(byte[] value) {
        if (!codec.isSettled(value)) {
            UndecodableException reason = givenUp.get(RegistryAvro.schemaId(value));
            if (reason != null) {
                throw reason;
            }
        }
        return patience.decode(codec, value);
    }
}
