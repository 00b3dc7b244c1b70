/**
 * {@code freshet demo}: the whole main job on real, embedded servers, with a shop that is changed all the time, and a
 * dashboard that holds the table against the truth.
 */
@NullMarked
package dev.freshet.cli.demo;

import org.jspecify.annotations.NullMarked;
