package dev.freshet.serving.explain;

import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Numeric;

/**
 * An order of the source that features can be computed of.
 *
 * @param createdAt epoch microseconds
 * @param amounts in the order of the catalogue's columns
 */
record SourceOrder(String id, long createdAt, List<@Nullable Numeric> amounts) {}
