/**
 * How a process starts, stops and says why: services are started in order, closed in reverse, and the reason for the
 * end becomes the exit code, which tells a supervisor whether a restart can help.
 */
@NullMarked
package dev.freshet.runtime.lifecycle;

import org.jspecify.annotations.NullMarked;
