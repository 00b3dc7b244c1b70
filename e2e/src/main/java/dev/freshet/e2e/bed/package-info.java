/**
 * A whole system to do things to: the processes as they are deployed, each under a supervisor and behind links that can fail,
 * servers that can be killed, a shop that changes, and readers that look on. {@link dev.freshet.e2e.bed.Bed}.
 */
@NullMarked
package dev.freshet.e2e.bed;

import org.jspecify.annotations.NullMarked;
