/**
 * The rows behind a user's values: the features computed once more from the source's orders, in plain Java, beside what the
 * table holds. It shares no code with the stream job, nor with the truth in SQL.
 */
@NullMarked
package dev.freshet.serving.explain;

import org.jspecify.annotations.NullMarked;
