package dev.freshet.serving.explain;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of user_features, or a version that it had.
 *
 * @param exactUntil null for never
 * @param values of the features in the catalogue's order, as PostgreSQL prints them; null for NULL
 */
public record HeldRow(
        long version,
        int epoch,
        Instant computedAt,
        @Nullable Instant exactUntil,
        boolean incomplete,
        List<@Nullable String> values) {}
