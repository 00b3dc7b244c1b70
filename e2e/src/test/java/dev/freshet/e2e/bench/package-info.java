/** Whether the benchmark measures what it says. */
@NullMarked
package dev.freshet.e2e.bench;

import org.jspecify.annotations.NullMarked;
