package dev.freshet.streams.core;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A store in heap, that refuses to be changed while it is visited, and counts what is asked of it. Deleted keys leave
 * tombstones for good, as they do in an LSM store until it is compacted: whoever walks across them pays for them.
 */
final class MemoryStore implements ByteStore {
    private final NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
    private final NavigableSet<byte[]> tombstones = new TreeSet<>(Arrays::compareUnsigned);
    private int visits;

    /** Gets, puts, deletes, scans begun, and entries and tombstones visited. */
    long calls;

    static Stores four() {
        return new Stores(new MemoryStore(), new MemoryStore(), new MemoryStore(), new MemoryStore());
    }

    int size() {
        return entries.size();
    }

    /** The content now, for {@link #rollBackTo}. */
    NavigableMap<byte[], byte[]> snapshot() {
        return new TreeMap<>(entries);
    }

    void rollBackTo(NavigableMap<byte[], byte[]> snapshot) {
        entries.clear();
        entries.putAll(snapshot);
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        calls++;
        byte[] value = entries.get(key);
        return value == null ? null : value.clone();
    }

    @Override
    public void put(byte[] key, byte[] value) {
        changing();
        entries.put(key.clone(), value.clone());
        tombstones.remove(key);
    }

    @Override
    public void delete(byte[] key) {
        changing();
        if (entries.remove(key) != null) {
            tombstones.add(key.clone());
        }
    }

    private void changing() {
        calls++;
        if (visits > 0) {
            throw new IllegalStateException("changed while it is visited");
        }
    }

    @Override
    public void ascend(byte[] from, byte[] to, Visitor visitor) {
        byte[] last = visit(entries.subMap(from, true, to, false), visitor);
        calls += tombstones.subSet(from, true, last == null ? to : last, false).size();
    }

    @Override
    public void descend(byte[] from, byte[] to, Visitor visitor) {
        byte[] last = visit(entries.subMap(from, true, to, false).descendingMap(), visitor);
        calls += tombstones.subSet(last == null ? from : last, true, to, false).size();
    }

    /** Returns the key at which the visitor had enough, if it had. */
    private byte @Nullable [] visit(NavigableMap<byte[], byte[]> range, Visitor visitor) {
        calls++;
        visits++;
        try {
            for (Map.Entry<byte[], byte[]> entry : range.entrySet()) {
                calls++;
                if (!visitor.visit(entry.getKey().clone(), entry.getValue().clone())) {
                    return entry.getKey();
                }
            }
            return null;
        } finally {
            visits--;
        }
    }
}
