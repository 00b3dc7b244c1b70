package dev.freshet.streams.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.feature.FeatureValue;

/**
 * A user's features at an instant.
 *
 * @param values in the order of the catalogue
 * @param exactUntil the smallest later instant at which an order enters or leaves a window; {@link #NEVER} for none
 */
record Evaluation(List<@Nullable FeatureValue> values, long exactUntil) {
    /** No such instant. */
    static final long NEVER = Long.MAX_VALUE;
}
