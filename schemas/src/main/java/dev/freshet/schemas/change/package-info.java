/**
 * The change log of a generation: every row change of the source, exactly once, in commit order, with ticks that say how
 * far the source was read. The log alone determines every feature at every version.
 */
@NullMarked
package dev.freshet.schemas.change;

import org.jspecify.annotations.NullMarked;
