package dev.freshet.streams.core;

/** Stores in memory, for tests outside of this package. */
public final class Memory {
    private Memory() {}

    public static ByteStore store() {
        return new MemoryStore();
    }
}
