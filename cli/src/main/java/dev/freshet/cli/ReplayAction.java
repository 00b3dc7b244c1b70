package dev.freshet.cli;

import java.io.PrintWriter;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.time.Time;

/** A command on the generations of a running system. */
abstract class ReplayAction implements Callable<Integer> {
    private static final Duration STATEMENT = Duration.ofMinutes(10);

    @ArgGroup(exclusive = true, multiplicity = "1")
    private RunningSystem system = new RunningSystem();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Refuses a command line that cannot be right, before anything is asked or done. */
    void check() {}

    /** Returns the exit code. */
    abstract int run(FreshetConfig config, Connection target) throws Exception;

    @Override
    public final Integer call() throws Exception {
        check();
        FreshetConfig config = system.load();
        Database target = new Database(
                config.target().login(),
                config.target().schema(),
                "freshet-replay",
                Timeouts.standard().withStatement(STATEMENT));
        try (Connection connection = target.open()) {
            return run(config, connection);
        }
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    final CommandSpec spec() {
        return spec;
    }

    final Time time() {
        return Time.system();
    }
}
