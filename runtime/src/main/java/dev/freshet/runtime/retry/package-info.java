/**
 * Waiting out what passes by itself.
 */
@NullMarked
package dev.freshet.runtime.retry;

import org.jspecify.annotations.NullMarked;
