/** Compares user_features with the truth. */
@NullMarked
package dev.freshet.ops.drift;

import org.jspecify.annotations.NullMarked;
