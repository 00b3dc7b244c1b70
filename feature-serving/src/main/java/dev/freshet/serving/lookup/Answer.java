package dev.freshet.serving.lookup;

import java.time.Instant;
import java.util.Map;

import dev.freshet.schemas.Id;

/**
 * What one statement read: rows, and how complete the table was at that moment.
 *
 * @param rows of those users that exist
 * @param targetTime the target's clock
 * @param askedAt {@link dev.freshet.runtime.time.Time#nanoTime} before it was asked
 */
public record Answer(CompleteThrough through, Map<Id, FeatureRow> rows, Instant targetTime, long askedAt) {}
