/** By what texts and files are told apart. */
@NullMarked
package dev.freshet.runtime.hash;

import org.jspecify.annotations.NullMarked;
