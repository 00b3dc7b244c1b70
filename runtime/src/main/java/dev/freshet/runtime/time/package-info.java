/**
 * The one place where a process learns the time and waits for it; everything else is given a {@link dev.freshet.runtime.time.Time}.
 */
@NullMarked
package dev.freshet.runtime.time;

import org.jspecify.annotations.NullMarked;
