package dev.freshet.ops.erase;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a topic has of a user.
 *
 * @param entries in the order in which they stand
 */
record Remains(List<Entry> entries) {
    private static final long NONE = -1;

    /** @param isNull whether it ends what its key had */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(long offset, byte[] key, boolean isNull) {}

    Remains {
        entries = List.copyOf(entries);
    }

    /** Reads the partition that the user is in. */
    static Remains of(UserTopic topic, ErasedUser user, TopicReader reader) {
        List<Entry> entries = new ArrayList<>();
        reader.read(
                List.of(topic.partitionOf(user)),
                record -> {
                    if (topic.isUsers().test(record)) {
                        byte[] key = record.key() == null ? new byte[0] : record.key();
                        entries.add(new Entry(record.offset(), key, record.value() == null));
                    }
                },
                read -> {});
        return new Remains(entries);
    }

    /** Those of these topics that have something. */
    static Map<UserTopic, Remains> of(Iterable<UserTopic> topics, ErasedUser user, TopicReader reader) {
        Map<UserTopic, Remains> found = new LinkedHashMap<>();
        for (UserTopic topic : topics) {
            Remains remains = of(topic, user, reader);
            if (!remains.entries.isEmpty()) {
                found.put(topic, remains);
            }
        }
        return found;
    }

    /** Each key once. */
    List<byte[]> keys() {
        Set<ByteBuffer> keys = new HashSet<>();
        return entries.stream()
                .map(Entry::key)
                .filter(key -> keys.add(ByteBuffer.wrap(key)))
                .toList();
    }

    /** The keys whose newest entry is null, but for this one. */
    List<byte[]> endedKeysBut(byte[] spared) {
        return newest().values().stream()
                .filter(entry -> entry.isNull() && !Arrays.equals(entry.key(), spared))
                .map(Entry::key)
                .toList();
    }

    /** Whether nothing but nulls is the newest of its key; what has a key of one byte is not the user's own. */
    boolean isEnded() {
        return newest().values().stream().allMatch(entry -> entry.isNull() || entry.key().length == 1);
    }

    private Map<ByteBuffer, Entry> newest() {
        Map<ByteBuffer, Entry> newest = new HashMap<>();
        entries.forEach(entry -> newest.put(ByteBuffer.wrap(entry.key()), entry));
        return newest;
    }

    long last() {
        return entries.get(entries.size() - 1).offset();
    }

    /** The offset of the last null of this key; nothing, if there is none. */
    long lastEnd(byte[] key) {
        return entries.stream()
                .filter(entry -> entry.isNull() && Arrays.equals(entry.key(), key))
                .mapToLong(Entry::offset)
                .max()
                .orElse(0);
    }

    /** The offset of the last entry that another of its key stands behind; negative for none. */
    long lastSuperseded() {
        Set<ByteBuffer> later = new HashSet<>();
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (!later.add(ByteBuffer.wrap(entries.get(i).key()))) {
                return entries.get(i).offset();
            }
        }
        return NONE;
    }
}
