package dev.freshet.serving.lookup;

import java.time.Instant;
import java.util.Map;

import dev.freshet.schemas.Id;

/**
 * Rows, and how complete the table was when they were read, or a little before.
 *
 * @param rows of those users that exist
 * @param targetTime the target's clock, when it was asked how complete the table is
 * @param askedAt {@link dev.freshet.runtime.time.Time#nanoTime} before that
 */
public record Answer(CompleteThrough through, Map<Id, FeatureRow> rows, Instant targetTime, long askedAt) {}
