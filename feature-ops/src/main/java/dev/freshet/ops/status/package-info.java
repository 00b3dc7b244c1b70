/** How a running system is, asked from outside: by its servers alone, so that it tells also what no process does any more. */
@NullMarked
package dev.freshet.ops.status;

import org.jspecify.annotations.NullMarked;
