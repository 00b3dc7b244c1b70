package dev.freshet.serving.lookup;

import java.util.Locale;
import java.util.OptionalLong;

/** Positions in the source's WAL, as PostgreSQL prints them: {@code 0/16B3748}. As numbers they are unsigned. */
public final class Lsn {
    private static final int HEX = 16;
    private static final int DIGITS = 8;

    private Lsn() {}

    /** Empty if the text is no position. */
    public static OptionalLong parse(String text) {
        int slash = text.indexOf('/');
        OptionalLong high = half(text, 0, slash);
        OptionalLong low = half(text, slash + 1, text.length());
        return slash < 0 || high.isEmpty() || low.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(high.getAsLong() << 32 | low.getAsLong());
    }

    private static OptionalLong half(String text, int from, int to) {
        if (to - from < 1 || to - from > DIGITS) {
            return OptionalLong.empty();
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            char digit = text.charAt(i);
            int number = digit < 128 ? Character.digit(digit, HEX) : -1;
            if (number < 0) {
                return OptionalLong.empty();
            }
            value = value * HEX + number;
        }
        return OptionalLong.of(value);
    }

    public static String text(long lsn) {
        return Long.toHexString(lsn >>> 32).toUpperCase(Locale.ROOT) + "/"
                + Long.toHexString(lsn & 0xFFFF_FFFFL).toUpperCase(Locale.ROOT);
    }
}
