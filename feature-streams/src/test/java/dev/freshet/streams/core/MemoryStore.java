package dev.freshet.streams.core;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store in heap, that refuses to be changed while it is visited, and counts what is asked of it. */
final class MemoryStore implements ByteStore {
    private final NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
    private int visits;

    /** Gets, puts, deletes, scans begun, and entries visited. */
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
    }

    @Override
    public void delete(byte[] key) {
        changing();
        entries.remove(key);
    }

    private void changing() {
        calls++;
        if (visits > 0) {
            throw new IllegalStateException("changed while it is visited");
        }
    }

    @Override
    public void ascend(byte[] from, byte[] to, Visitor visitor) {
        visit(entries.subMap(from, true, to, false), visitor);
    }

    @Override
    public void descend(byte[] from, byte[] to, Visitor visitor) {
        visit(entries.subMap(from, true, to, false).descendingMap(), visitor);
    }

    private void visit(NavigableMap<byte[], byte[]> range, Visitor visitor) {
        calls++;
        visits++;
        try {
            for (Map.Entry<byte[], byte[]> entry : range.entrySet()) {
                calls++;
                if (!visitor.visit(entry.getKey().clone(), entry.getValue().clone())) {
                    return;
                }
            }
        } finally {
            visits--;
        }
    }
}
