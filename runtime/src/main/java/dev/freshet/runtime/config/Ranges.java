package dev.freshet.runtime.config;

import java.time.Duration;
import java.util.regex.Pattern;

/** Checks that several sections share. */
final class Ranges {
    private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9._-]{1,200}");

    private Ranges() {}

    static void integer(Faults faults, String key, int value, int min, int max) {
        faults.require(value >= min && value <= max, key, value, "write a number from " + min + " to " + max);
    }

    static void millis(Faults faults, String key, Duration value, int min, int max) {
        faults.require(
                value.toMillis() >= min && value.toMillis() <= max,
                key,
                value.toMillis(),
                "write milliseconds from " + min + " to " + max);
    }

    /** Whether these digits are a TCP port that something can listen on. */
    static boolean isPort(String digits) {
        return digits.matches("\\d{1,5}") && Integer.parseInt(digits) >= 1 && Integer.parseInt(digits) <= 65_535;
    }

    static void instanceId(Faults faults, String key, String value) {
        faults.require(
                INSTANCE.matcher(value).matches(),
                key,
                value,
                "write letters, digits, '.', '_' and '-', distinct for each instance that runs at once");
    }
}
