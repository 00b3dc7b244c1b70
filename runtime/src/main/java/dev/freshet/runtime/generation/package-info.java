/**
 * The register of generations in the target: which builds of the table there are, and which one is read.
 */
@NullMarked
package dev.freshet.runtime.generation;

import org.jspecify.annotations.NullMarked;
