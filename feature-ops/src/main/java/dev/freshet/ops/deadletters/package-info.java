/** The dead letters of a deployment: what they say, the repair of their users, and their end. */
@NullMarked
package dev.freshet.ops.deadletters;

import org.jspecify.annotations.NullMarked;
