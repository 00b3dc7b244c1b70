package dev.freshet.ingest.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.OffsetBackingStore;
import org.apache.kafka.connect.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The engine's offset store, which believes nothing of what the engine tells it: it serves the offset that was last
 * committed together with the changes it covers. From it the engine starts, and up to it confirms to the slot. Debezium
 * makes it by name; {@link Holder} is how it finds the offset.
 */
public final class CommittedOffsets implements OffsetBackingStore {
    private static final String HOLDER = "offset.storage.freshet.holder";
    private static final Map<String, Holder> HOLDERS = new ConcurrentHashMap<>();

    private @Nullable Holder holder;

    /** The offset of one engine. */
    public static final class Holder implements AutoCloseable {
        private final String id = UUID.randomUUID().toString();
        private volatile @Nullable String offset;

        /** @param offset to start from, as JSON; null to begin with a snapshot */
        public Holder(@Nullable String offset) {
            this.offset = offset;
            HOLDERS.put(id, this);
        }

        /** The transaction with everything before this offset is committed. */
        public void committed(String newOffset) {
            offset = newOffset;
        }

        /** The last of them, or the one started from; null if there is none yet. */
        public @Nullable String offset() {
            return offset;
        }

        /** The engine's settings under which it finds this. */
        public Map<String, String> settings() {
            return Map.of("offset.storage", CommittedOffsets.class.getName(), HOLDER, id);
        }

        @Override
        public void close() {
            HOLDERS.remove(id);
        }
    }

    @Override
    public void configure(WorkerConfig config) {
        String id = config.originalsStrings().get(HOLDER);
        holder = id == null ? null : HOLDERS.get(id);
        if (holder == null) {
            throw new IllegalStateException("no holder of offsets " + id);
        }
    }

    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public Future<Map<ByteBuffer, ByteBuffer>> get(Collection<ByteBuffer> keys) {
        String offset = holder == null ? null : holder.offset;
        Map<ByteBuffer, ByteBuffer> found = new HashMap<>();
        if (offset != null) {
            // One task, one partition: every key asks for the same.
            keys.forEach(key -> found.put(key, ByteBuffer.wrap(offset.getBytes(UTF_8))));
        }
        return CompletableFuture.completedFuture(found);
    }

    @Override
    public Future<Void> set(Map<ByteBuffer, ByteBuffer> values, Callback<Void> callback) {
        callback.onCompletion(null, null);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Set<Map<String, Object>> connectorPartitions(String connectorName) {
        return Set.of();
    }
}
