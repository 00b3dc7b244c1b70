/**
 * The read side: lookups for model serving ({@code lookup}, {@code http}, {@code auth}), exports for training
 * ({@code export}), and the rows behind a value ({@code explain}). It reads the target and the source, and writes neither.
 */
@NullMarked
package dev.freshet.serving;

import org.jspecify.annotations.NullMarked;
