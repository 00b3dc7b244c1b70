/** The whole path on real parts: SQL goes into the source, and what comes out is compared with the truth. */
@NullMarked
package dev.freshet.e2e.path;

import org.jspecify.annotations.NullMarked;
