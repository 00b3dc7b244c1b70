/** What goes wrong between processes, made to order. */
@NullMarked
package dev.freshet.testkit.faults;

import org.jspecify.annotations.NullMarked;
