@NullMarked
package dev.freshet.e2e.faults;

import org.jspecify.annotations.NullMarked;
