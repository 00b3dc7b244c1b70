/** Compares user_features with the truth while both change, and has repaired what differs. */
@NullMarked
package dev.freshet.ops.reconcile;

import org.jspecify.annotations.NullMarked;
