/**
 * A replay: builds the table anew beside the live one, compares the two, and turns readers from one to the other and back.
 * What builds are streams and sink; what is here tells them to, and looks on.
 */
@NullMarked
package dev.freshet.ops.replay;

import org.jspecify.annotations.NullMarked;
