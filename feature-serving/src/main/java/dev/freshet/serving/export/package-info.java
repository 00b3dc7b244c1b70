/**
 * Training data: labels with the features at each label's own instant, recomputed from the source or as the table showed them.
 * Begin to read at {@link dev.freshet.serving.export.Export}.
 */
@NullMarked
package dev.freshet.serving.export;

import org.jspecify.annotations.NullMarked;
