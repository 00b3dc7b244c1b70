package dev.freshet.streams;

import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

import dev.freshet.streams.core.ByteStore;

/**
 * A Kafka Streams store as the core sees it, with an entry of its own at each end, which the core does not see.
 *
 * <p>An iterator of RocksDB ends at a block that it cannot read as it ends behind the last entry, and whether it was the one or the
 * other nobody is told: Kafka Streams 4.3.1 does not ask for its status (RocksDbIterator.makeNext). So ours go on until they see an
 * entry that lies behind their range. One that ends without has been cut short.
 */
final class KeyValueByteStore implements ByteStore {
    /** Below every key of the core. */
    private static final Bytes LOWEST = Bytes.wrap(new byte[0]);
    /** Above every key of the core, and above the ends of its ranges. */
    private static final Bytes HIGHEST = Bytes.wrap(new byte[] {-1, -1});

    private static final byte[] NOTHING = {};

    private final KeyValueStore<Bytes, byte[]> store;
    private boolean hasEnds;

    /** @param hasEnds whether {@link #putEnds} was called on it once */
    KeyValueByteStore(KeyValueStore<Bytes, byte[]> store, boolean hasEnds) {
        this.store = store;
        this.hasEnds = hasEnds;
    }

    /**
     * Whether {@link #putEnds} was called on the store once. For one without a cache: there an end that was looked up would stay, and
     * iterations would find it, whatever becomes of RocksDB.
     */
    static boolean hasEnds(KeyValueStore<Bytes, byte[]> store) {
        return store.get(HIGHEST) != null;
    }

    /** From here on no iteration is cut short without a {@link CorruptStateException}; with a cache, from the next start on. */
    void putEnds() {
        store.put(LOWEST, NOTHING);
        store.put(HIGHEST, NOTHING);
        hasEnds = true;
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
        try (KeyValueIterator<Bytes, byte[]> entries = store.range(Bytes.wrap(from), HIGHEST)) {
            while (entries.hasNext()) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                byte[] key = entry.key.get();
                if (Arrays.compareUnsigned(key, to) >= 0) {
                    return;
                }
                if (!entry.key.equals(LOWEST) && !visitor.visit(key, entry.value)) {
                    return;
                }
            }
        }
        requireNoEnds();
    }

    @Override
    public void descend(byte[] from, byte[] to, Visitor visitor) {
        try (KeyValueIterator<Bytes, byte[]> entries = store.reverseRange(LOWEST, Bytes.wrap(to))) {
            while (entries.hasNext()) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                byte[] key = entry.key.get();
                if (entry.key.equals(LOWEST) || Arrays.compareUnsigned(key, from) < 0) {
                    return;
                }
                // Kafka's ranges include their end, ours do not.
                if (!Arrays.equals(key, to) && !visitor.visit(key, entry.value)) {
                    return;
                }
            }
        }
        requireNoEnds();
    }

    private void requireNoEnds() {
        if (hasEnds) {
            throw new CorruptStateException("store " + store.name() + " ends before its last entry");
        }
    }
}
