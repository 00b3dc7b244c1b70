package dev.freshet.streams.core;

import org.jspecify.annotations.Nullable;

/** A sorted map of bytes, in unsigned lexicographic order of the keys: the port to wherever state is kept. */
public interface ByteStore {

    byte @Nullable [] get(byte[] key);

    void put(byte[] key, byte[] value);

    void delete(byte[] key);

    /** Visits entries with {@code from <= key < to} in ascending order, until the visitor has seen enough. */
    void ascend(byte[] from, byte[] to, Visitor visitor);

    /** Visits entries with {@code from <= key < to} in descending order, until the visitor has seen enough. */
    void descend(byte[] from, byte[] to, Visitor visitor);

    /** Sees an entry; must not change the store. */
    @FunctionalInterface
    interface Visitor {
        /** @return true to go on */
        boolean visit(byte[] key, byte[] value);
    }
}
