package dev.freshet.e2e.simulator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One partition of a compacted topic, with transactions, their markers, and the cleaner. */
final class TopicPartition<K, V> {
    /** min.compaction.lag.ms and delete.retention.ms. */
    static final int RETENTION_DAYS = 7;

    private List<Entry<K, V>> entries = new ArrayList<>();
    private long end;

    static final class Entry<K, V> {
        final long offset;
        final K key;
        final @Nullable V value;
        final KafkaTransaction transaction;

        /** When it was appended, by the wall. */
        final int day;

        /** When the cleaner first passed it: a tombstone lives for another while from then on. */
        private int cleaned = Integer.MAX_VALUE;

        private Entry(long offset, K key, @Nullable V value, KafkaTransaction transaction, int day) {
            this.offset = offset;
            this.key = key;
            this.value = value;
            this.transaction = transaction;
            this.day = day;
        }
    }

    /** What a poll returns, and the offset to go on from. */
    record Poll<K, V>(List<Entry<K, V>> entries, long next) {}

    long append(K key, @Nullable V value, KafkaTransaction transaction, int day) {
        transaction.touches(this);
        entries.add(new Entry<>(end, key, value, transaction, day));
        return end++;
    }

    /** A control record takes an offset, too. */
    void appendMarker() {
        end++;
    }

    /** Up to here every transaction has ended: what isolation.level=read_committed calls the end. */
    long lastStable() {
        for (Entry<K, V> entry : entries) {
            if (entry.transaction.isOpen()) {
                return entry.offset;
            }
        }
        return end;
    }

    Poll<K, V> read(long from, int atMost, boolean committedOnly) {
        List<Entry<K, V>> found = new ArrayList<>(atMost);
        long next = from;
        for (int i = indexOf(from); i < entries.size() && found.size() < atMost; i++) {
            Entry<K, V> entry = entries.get(i);
            if (committedOnly && entry.transaction.isOpen()) {
                break;
            }
            if (!committedOnly || entry.transaction.isCommitted()) {
                found.add(entry);
            }
            next = entry.offset + 1;
        }
        return new Poll<>(found, next);
    }

    boolean hasMore(long from) {
        return !read(from, 1, true).entries.isEmpty();
    }

    private int indexOf(long offset) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) / 2;
            if (entries.get(middle).offset < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The first offset that the cleaner must leave alone: it is too young, or of an open transaction. */
    long cleanable(int today, boolean lags) {
        long stable = lastStable();
        for (Entry<K, V> entry : entries) {
            if (entry.offset >= stable || (lags && entry.day + RETENTION_DAYS >= today)) {
                return entry.offset;
            }
        }
        return stable;
    }

    /** Keeps of what is below {@code to} the newest entry of each key, and tombstones as long as they have to live. */
    void compact(long to, int today, Function<K, Object> compactionKey) {
        Set<Object> seen = new HashSet<>();
        List<Entry<K, V>> kept = new ArrayList<>();
        for (int i = entries.size() - 1; i >= 0; i--) {
            Entry<K, V> entry = entries.get(i);
            if (entry.offset >= to
                    || (entry.transaction.isCommitted() && survives(entry, today, compactionKey, seen))) {
                kept.add(entry);
            }
        }
        java.util.Collections.reverse(kept);
        entries = kept;
    }

    private boolean survives(Entry<K, V> entry, int today, Function<K, Object> compactionKey, Set<Object> seen) {
        if (!seen.add(compactionKey.apply(entry.key))) {
            return false;
        }
        entry.cleaned = Math.min(entry.cleaned, today);
        return entry.value != null || today - entry.cleaned <= RETENTION_DAYS;
    }
}
