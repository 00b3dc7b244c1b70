package dev.freshet.streams.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bounded part of a store, read before any of it is changed.
 *
 * @param entries in ascending order
 * @param resume where the next slice begins; null if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Slice(List<Entry> entries, byte @Nullable [] resume) {

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(byte[] key, byte[] value) {}

    static Slice read(ByteStore store, byte[] from, int atMost) {
        if (atMost <= 0) {
            return new Slice(List.of(), from);
        }
        List<Entry> entries = new ArrayList<>();
        store.ascend(from, Keys.END, (key, value) -> {
            entries.add(new Entry(key, value));
            return entries.size() < atMost;
        });
        return new Slice(
                entries,
                entries.size() < atMost
                        ? null
                        : Keys.after(entries.get(atMost - 1).key()));
    }
}
