package dev.freshet.runtime.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a configuration.
 *
 * @param key where, in full
 * @param value what stands there; null if nothing, or if it is secret
 * @param cure what to do about it
 */
public record Fault(String key, @Nullable String value, String cure) {
    private static final Pattern BREAKS = Pattern.compile("\\p{Cntrl}|[\\u2028\\u2029\\u0085]");
    private static final int LONGEST = 200;

    /** One line, whatever is in the file. */
    @Override
    public String toString() {
        return value == null ? line(key) + ": " + cure : line(key) + " = '" + line(value) + "': " + cure;
    }

    private static String line(String text) {
        String shown = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
        return BREAKS.matcher(shown).replaceAll("?");
    }
}
