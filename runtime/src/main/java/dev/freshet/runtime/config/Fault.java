package dev.freshet.runtime.config;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a configuration.
 *
 * @param key where, in full
 * @param value what stands there; null if nothing, or if it is secret
 * @param cure what to do about it
 */
public record Fault(String key, @Nullable String value, String cure) {
    @Override
    public String toString() {
        return value == null ? key + ": " + cure : key + " = '" + value + "': " + cure;
    }
}
