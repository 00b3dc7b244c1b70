package dev.freshet.e2e.simulator;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

import dev.freshet.streams.core.ByteStore;
import dev.freshet.streams.core.Stores;

/** A store of a task in heap, which can be copied at a commit and put back at a rollback. */
final class Stock implements ByteStore {
    private NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);

    static Stores four() {
        return new Stores(new Stock(), new Stock(), new Stock(), new Stock());
    }

    static void copy(Stores from, Stores to) {
        copy(from.users(), to.users());
        copy(from.orders(), to.orders());
        copy(from.timeline(), to.timeline());
        copy(from.progress(), to.progress());
    }

    private static void copy(ByteStore from, ByteStore to) {
        ((Stock) to).entries = new TreeMap<>(((Stock) from).entries);
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return entries.get(key);
    }

    @Override
    public void put(byte[] key, byte[] value) {
        entries.put(key, value);
    }

    @Override
    public void delete(byte[] key) {
        entries.remove(key);
    }

    @Override
    public void ascend(byte[] from, byte[] to, Visitor visitor) {
        visit(entries.subMap(from, true, to, false), visitor);
    }

    @Override
    public void descend(byte[] from, byte[] to, Visitor visitor) {
        visit(entries.subMap(from, true, to, false).descendingMap(), visitor);
    }

    private static void visit(Map<byte[], byte[]> range, Visitor visitor) {
        for (Map.Entry<byte[], byte[]> entry : range.entrySet()) {
            if (!visitor.visit(entry.getKey(), entry.getValue())) {
                return;
            }
        }
    }
}
