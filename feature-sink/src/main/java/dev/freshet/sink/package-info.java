/**
 * The last step of a row's way: writes the features topic of each generation into its table in the target, together with
 * the history, the watermark and the position, in one transaction; and turns the readers' view to a generation that has
 * become complete. What it decides is in {@link dev.freshet.sink.rule}, what it says to the target in {@link
 * dev.freshet.sink.sql}.
 */
@NullMarked
package dev.freshet.sink;

import org.jspecify.annotations.NullMarked;
