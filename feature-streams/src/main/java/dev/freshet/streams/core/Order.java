package dev.freshet.streams.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;

/**
 * An order that takes part in features. One without created_at takes part in none, and is not kept.
 *
 * @param createdAt epoch microseconds
 * @param values by column of the catalogue; null for SQL NULL
 */
record Order(Id id, long createdAt, List<@Nullable Numeric> values) {}
