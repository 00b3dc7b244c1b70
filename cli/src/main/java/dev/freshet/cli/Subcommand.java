package dev.freshet.cli;

import java.util.concurrent.Callable;

/**
 * A command of a module that this one does not depend on: {@link java.util.ServiceLoader} finds it, where its jar is on the
 * class path. Its result is the exit code.
 */
public interface Subcommand extends Callable<Integer> {}
