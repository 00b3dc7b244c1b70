package dev.freshet.sink.sql;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.feature.FeatureValue;

/** Values in the spelling in which PostgreSQL reads them exactly: timestamps to the microsecond, numerics to the digit. */
final class SqlText {
    private static final long MICROS = 1_000_000;

    private SqlText() {}

    static String instant(long epochMicros) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(Math.floorDiv(epochMicros, MICROS), 0, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(32);
        padded(text, time.getYear(), 4).append('-');
        padded(text, time.getMonthValue(), 2).append('-');
        padded(text, time.getDayOfMonth(), 2).append(' ');
        padded(text, time.getHour(), 2).append(':');
        padded(text, time.getMinute(), 2).append(':');
        padded(text, time.getSecond(), 2).append('.');
        return padded(text, (int) Math.floorMod(epochMicros, MICROS), 6)
                .append("+00")
                .toString();
    }

    static @Nullable String instantOrNull(@Nullable Long epochMicros) {
        return epochMicros == null ? null : instant(epochMicros);
    }

    static String lsn(long lsn) {
        return Long.toHexString(lsn >>> 32) + "/" + Long.toHexString(lsn & 0xFFFF_FFFFL);
    }

    static @Nullable String feature(@Nullable FeatureValue value) {
        if (value instanceof FeatureValue.Count count) {
            return Long.toString(count.value());
        }
        if (value instanceof FeatureValue.Amount amount) {
            return amount.value().text();
        }
        return value instanceof FeatureValue.Day day ? day.value().toString() : null;
    }

    private static StringBuilder padded(StringBuilder text, int number, int width) {
        String digits = Integer.toString(number);
        return text.append("0".repeat(Math.max(0, width - digits.length()))).append(digits);
    }
}
