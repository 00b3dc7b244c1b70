/** The {@code freshet} command: one class for each subcommand. Results go to standard output, everything else to standard error. */
@NullMarked
package dev.freshet.cli;

import org.jspecify.annotations.NullMarked;
