package dev.freshet.schemas;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The identity of a user or of an order: an integer, or a text (also a uuid in its canonical spelling).
 *
 * <p>{@link #bytes()} is the form that keys of state and the choice of a partition rest on: it is unique, prefix-free
 * (no id's bytes begin another's) and sorts as the ids do. It is persisted state and must never change.
 */
public sealed interface Id extends Comparable<Id> permits Id.OfLong, Id.OfText {

    /** The order-preserving, prefix-free encoding. */
    byte[] bytes();

    static Id of(long value) {
        return new OfLong(value);
    }

    static Id of(String value) {
        return new OfText(value);
    }

    /** Reads what {@link #bytes()} wrote, from the buffer's position on, and moves the position behind it. */
    static Id read(ByteBuffer in) {
        byte tag = in.get();
        return switch (tag) {
            case OfLong.TAG -> new OfLong(in.getLong() ^ Long.MIN_VALUE);
            case OfText.TAG -> OfText.readBody(in);
            default -> throw new IllegalArgumentException("not the first byte of an id: " + tag);
        };
    }

    /** Integers sort before texts; texts sort by their UTF-8 bytes. */
    @Override
    default int compareTo(Id other) {
        if (this instanceof OfLong one && other instanceof OfLong two) {
            return Long.compare(one.value, two.value); // as their bytes do
        }
        return java.util.Arrays.compareUnsigned(bytes(), other.bytes());
    }

    /** A bigint or integer id. */
    record OfLong(long value) implements Id {
        static final byte TAG = 1;

        @Override
        public byte[] bytes() {
            return ByteBuffer.allocate(9)
                    .put(TAG)
                    .putLong(value ^ Long.MIN_VALUE) // two's complement sorts unsigned once the sign bit is flipped
                    .array();
        }

        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    /** A text or uuid id. PostgreSQL's text cannot hold U+0000, which therefore ends it. */
    record OfText(String value) implements Id {
        static final byte TAG = 2;

        public OfText {
            if (value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("a text id cannot contain U+0000");
            }
        }

        @Override
        public byte[] bytes() {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(utf8.length + 2)
                    .put(TAG)
                    .put(utf8)
                    .put((byte) 0)
                    .array();
        }

        static OfText readBody(ByteBuffer in) {
            int start = in.position();
            int end = start;
            while (in.get(end) != 0) {
                end++;
            }
            byte[] utf8 = new byte[end - start];
            in.get(utf8).get();
            return new OfText(new String(utf8, StandardCharsets.UTF_8));
        }

        @Override
        public String toString() {
            return value;
        }
    }
}
