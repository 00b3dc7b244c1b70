package dev.freshet.runtime.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 90d}, {@code 12h}, {@code 30m}, {@code 10s}, {@code 500ms}, or ISO 8601. */
final class DurationText {
    static final String FORM = "write a duration, as 90d, 12h, 30m, 10s, 500ms or P90D";
    private static final Pattern SHORT = Pattern.compile("(\\d{1,9}) ?(d|h|m|s|ms)");

    private DurationText() {}

    /** In whole days if it is that, else in ISO 8601. */
    static String of(Duration duration) {
        return duration.equals(Duration.ofDays(duration.toDays())) ? duration.toDays() + "d" : duration.toString();
    }

    static Optional<Duration> parse(String text) {
        Matcher matcher = SHORT.matcher(text);
        if (!matcher.matches()) {
            try {
                return Optional.of(Duration.parse(text));
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        }
        long amount = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "d" -> Duration.ofDays(amount);
                    case "h" -> Duration.ofHours(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    default -> Duration.ofMillis(amount);
                });
    }
}
