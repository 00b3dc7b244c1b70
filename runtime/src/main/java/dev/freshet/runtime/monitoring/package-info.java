/** How a process tells how it is: metrics, and whether it is ready and why not, over HTTP on this machine. */
@NullMarked
package dev.freshet.runtime.monitoring;

import org.jspecify.annotations.NullMarked;
