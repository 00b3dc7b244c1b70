package dev.freshet.serving.lookup;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;

/**
 * One user's row of user_features.
 *
 * @param values of all features in the catalogue's order, as PostgreSQL prints them: no digit is lost
 * @param exactUntil when time alone changes it; null for never
 */
public record FeatureRow(
        Id user,
        List<@Nullable String> values,
        Instant computedAt,
        @Nullable Instant exactUntil,
        boolean incomplete,
        long version,
        int epoch) {}
