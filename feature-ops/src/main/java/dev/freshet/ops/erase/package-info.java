/**
 * The end of a user whom the source does not have any more: in the change logs, from where it comes to the features and the state,
 * in the tables and among the dead letters; and the proof, which reads all of these from their beginnings.
 */
@NullMarked
package dev.freshet.ops.erase;

import org.jspecify.annotations.NullMarked;
