/**
 * What an operator sets, as a tree of checked records. A file, overridden by environment variables, becomes one
 * {@link dev.freshet.runtime.config.FreshetConfig}, or one exception that lists everything that is wrong with it.
 */
@NullMarked
package dev.freshet.runtime.config;

import org.jspecify.annotations.NullMarked;
