package dev.freshet.streams.core;

import java.nio.ByteBuffer;
import java.util.Arrays;

import dev.freshet.schemas.Id;

/**
 * Keys of the stores. All begin with the user's id, whose bytes are prefix-free, so a user's entries are one range.
 *
 * <p>Orders kept apart also carry {@code since}: the offset in the log since which this user's orders are kept apart. A
 * TRUNCATE makes all entries with an older {@code since} garbage at once, to be collected at leisure.
 */
final class Keys {
    private static final int SINCE = Long.BYTES;

    private Keys() {}

    static byte[] user(Id user) {
        return user.bytes();
    }

    /** What the keys of all orders begin with that a user had since then, in both stores. */
    static byte[] orders(Id user, long since) {
        byte[] userBytes = user.bytes();
        return ByteBuffer.allocate(userBytes.length + SINCE)
                .put(userBytes)
                .putLong(since)
                .array();
    }

    /** The smallest key greater than all that begin with {@link #orders}. */
    static byte[] behind(byte[] orders) {
        ByteBuffer behind = ByteBuffer.wrap(orders.clone());
        int at = orders.length - SINCE;
        return behind.putLong(at, behind.getLong(at) + 1).array();
    }

    static byte[] order(Id user, long since, Id order) {
        byte[] begin = orders(user, since);
        byte[] orderBytes = order.bytes();
        byte[] key = Arrays.copyOf(begin, begin.length + orderBytes.length);
        System.arraycopy(orderBytes, 0, key, begin.length, orderBytes.length);
        return key;
    }

    static byte[] instant(Id user, long since, long createdAt, Id order) {
        byte[] from = instant(user, since, createdAt);
        byte[] orderBytes = order.bytes();
        byte[] key = Arrays.copyOf(from, from.length + orderBytes.length);
        System.arraycopy(orderBytes, 0, key, from.length, orderBytes.length);
        return key;
    }

    /** The smallest key of an order made at {@code createdAt} or later. */
    static byte[] instant(Id user, long since, long createdAt) {
        byte[] userBytes = user.bytes();
        return ByteBuffer.allocate(userBytes.length + SINCE + Long.BYTES)
                .put(userBytes)
                .putLong(since)
                .putLong(createdAt ^ Long.MIN_VALUE)
                .array();
    }

    /** The smallest key behind every order of the user. */
    static byte[] afterInstants(Id user, long since) {
        return instant(user, since + 1, Long.MIN_VALUE);
    }

    /** Reads a key of {@link #instant}: the created_at and the order. */
    static Instant readInstant(byte[] key) {
        ByteBuffer in = ByteBuffer.wrap(key);
        Id.read(in);
        in.getLong();
        long createdAt = in.getLong() ^ Long.MIN_VALUE;
        return new Instant(createdAt, Id.read(in));
    }

    record Instant(long createdAt, Id order) {}

    /** The {@code since} of a key of {@link #order} or {@link #instant}. */
    static long since(byte[] key) {
        ByteBuffer in = ByteBuffer.wrap(key);
        Id.read(in);
        return in.getLong();
    }

    /** The smallest key greater than {@code key}. */
    static byte[] after(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    /** Below every key. */
    static final byte[] FIRST = {};

    /** Above every key: no id begins with this byte. */
    static final byte[] END = {(byte) 0xFF};
}
