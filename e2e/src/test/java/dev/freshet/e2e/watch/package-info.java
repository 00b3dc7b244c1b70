@NullMarked
package dev.freshet.e2e.watch;

import org.jspecify.annotations.NullMarked;
