/** Operating-system processes: child JVMs for tests that kill or freeze a process, and finding processes a killed run left behind. */
@NullMarked
package dev.freshet.testkit.process;

import org.jspecify.annotations.NullMarked;
