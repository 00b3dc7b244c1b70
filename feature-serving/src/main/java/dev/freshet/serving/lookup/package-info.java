/** One indexed read of the target, with how far it is complete and how old that is by the source's clock. No HTTP. */
@NullMarked
package dev.freshet.serving.lookup;

import org.jspecify.annotations.NullMarked;
