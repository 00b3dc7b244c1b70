/**
 * Readers that hold every row they see against what has happened in the source, as the source's own triggers have noted it:
 * {@link dev.freshet.e2e.watch.Watch}.
 */
@NullMarked
package dev.freshet.e2e.watch;

import org.jspecify.annotations.NullMarked;
