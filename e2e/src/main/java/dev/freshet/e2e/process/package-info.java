/** How processes are run here, and waited for. */
@NullMarked
package dev.freshet.e2e.process;

import org.jspecify.annotations.NullMarked;
