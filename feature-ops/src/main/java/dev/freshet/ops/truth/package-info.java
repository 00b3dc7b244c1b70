/**
 * What is right, as one SQL function over the source's own tables. Derived from the same definitions as the stream job, and
 * sharing no code with it.
 */
@NullMarked
package dev.freshet.ops.truth;

import org.jspecify.annotations.NullMarked;
