package dev.freshet.cli.demo;

import java.util.Arrays;

/** Ids without order, to draw from. May hold ids that are gone by now: whoever finds out removes them. */
final class IdBag {
    private long[] ids = new long[1024];
    private int size;

    int size() {
        return size;
    }

    void add(long id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size * 2);
        }
        ids[size++] = id;
    }

    long get(int index) {
        return ids[index];
    }

    void clear() {
        size = 0;
    }

    /** The last one takes its place. */
    void removeAt(int index) {
        ids[index] = ids[--size];
    }
}
