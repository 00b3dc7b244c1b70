package dev.freshet.streams;

import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

import dev.freshet.streams.core.ByteStore;

/** A Kafka Streams store as the core sees it. */
final class KeyValueByteStore implements ByteStore {
    private final KeyValueStore<Bytes, byte[]> store;

    KeyValueByteStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return store.get(Bytes.wrap(key));
    }

    @Override
    public void put(byte[] key, byte[] value) {
        store.put(Bytes.wrap(key), value);
    }

    @Override
    public void delete(byte[] key) {
        store.delete(Bytes.wrap(key));
    }

    @Override
    public void ascend(byte[] from, byte[] to, Visitor visitor) {
        try (KeyValueIterator<Bytes, byte[]> entries = store.range(Bytes.wrap(from), Bytes.wrap(to))) {
            visit(entries, to, visitor);
        }
    }

    @Override
    public void descend(byte[] from, byte[] to, Visitor visitor) {
        try (KeyValueIterator<Bytes, byte[]> entries = store.reverseRange(Bytes.wrap(from), Bytes.wrap(to))) {
            visit(entries, to, visitor);
        }
    }

    /** Kafka's ranges include their end, ours do not. */
    private static void visit(KeyValueIterator<Bytes, byte[]> entries, byte[] to, Visitor visitor) {
        while (entries.hasNext()) {
            KeyValue<Bytes, byte[]> entry = entries.next();
            byte[] key = entry.key.get();
            if (!Arrays.equals(key, to) && !visitor.visit(key, entry.value)) {
                return;
            }
        }
    }
}
