/**
 * What can go wrong, made to happen on a {@link dev.freshet.e2e.bed.Bed}: {@link dev.freshet.e2e.faults.Faults} lists it, a
 * {@link dev.freshet.e2e.faults.Round} lets it strike and holds the system to its promises, and {@code freshet torture} goes on
 * with it for as long as one likes.
 */
@NullMarked
package dev.freshet.e2e.faults;

import org.jspecify.annotations.NullMarked;
