package dev.freshet.serving.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Instants as {@link Instant#toString} has them, in a fifth of its time: a reply to a hundred users has two hundred of them, which
 * were a third of what it took to write.
 */
final class InstantJson {
    private static final int LONGEST = "2026-11-22T10:11:12.123456Z".length();
    private static final long DAY = 86_400;
    private static final int NANOS_OF_MICRO = 1_000;
    private static final int MICROS_OF_MILLI = 1_000;

    private final char[] text = new char[LONGEST];
    private int length;

    private InstantJson() {}

    /** As a text; null as null. */
    static void write(JsonGenerator json, @Nullable Instant time) throws IOException {
        if (time == null) {
            json.writeNull();
            return;
        }
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(time.getEpochSecond(), DAY));
        if (date.getYear() < 0 || date.getYear() > 9_999 || time.getNano() % NANOS_OF_MICRO != 0) {
            json.writeString(time.toString());
            return;
        }
        InstantJson written = new InstantJson();
        written.date(date);
        written.timeOfDay((int) Math.floorMod(time.getEpochSecond(), DAY), time.getNano() / NANOS_OF_MICRO);
        json.writeString(written.text, 0, written.length);
    }

    private void date(LocalDate date) {
        digits(4, date.getYear());
        put('-');
        digits(2, date.getMonthValue());
        put('-');
        digits(2, date.getDayOfMonth());
        put('T');
    }

    private void timeOfDay(int seconds, int micros) {
        digits(2, seconds / 3_600);
        put(':');
        digits(2, seconds / 60 % 60);
        put(':');
        digits(2, seconds % 60);
        if (micros != 0) {
            put('.');
            if (micros % MICROS_OF_MILLI == 0) {
                digits(3, micros / MICROS_OF_MILLI);
            } else {
                digits(6, micros);
            }
        }
        put('Z');
    }

    private void digits(int count, int value) {
        int rest = value;
        for (int i = length + count - 1; i >= length; i--) {
            text[i] = (char) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
    }

    private void put(char character) {
        text[length++] = character;
    }
}
