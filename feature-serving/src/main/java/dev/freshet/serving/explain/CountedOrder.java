package dev.freshet.serving.explain;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order that counts towards some feature.
 *
 * @param createdAt when it entered the windows
 * @param stays those that it is in
 */
public record CountedOrder(String id, Instant createdAt, List<Amount> amounts, List<Stay> stays) {

    /** A column by the name that features use, and its value as PostgreSQL prints it. */
    public record Amount(String column, @Nullable String value) {}

    /** A feature whose window the order is in, and when it leaves that; null for never. */
    public record Stay(String feature, @Nullable Instant leaves) {}
}
