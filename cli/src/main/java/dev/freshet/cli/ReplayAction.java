package dev.freshet.cli;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import dev.freshet.ops.replay.DiffReport;
import dev.freshet.ops.replay.GenerationDiff;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.time.Time;

/** A command on the generations of a running system. */
abstract class ReplayAction implements Callable<Integer> {
    private static final String NAME = "freshet-replay";
    private static final Duration STATEMENT = Duration.ofMinutes(10);

    @ArgGroup(exclusive = true, multiplicity = "1")
    private RunningSystem system = new RunningSystem();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Refuses a command line that cannot be right, before anything is asked or done. */
    void check() {}

    final void checkNumber(@Nullable Integer generation) {
        if (generation != null && generation < 1) {
            throw new ParameterException(spec.commandLine(), "generations are numbered from 1");
        }
    }

    /** Returns the exit code. */
    abstract int run(FreshetConfig config, Connection target) throws Exception;

    @Override
    public final Integer call() throws Exception {
        check();
        FreshetConfig config = system.load();
        Database target = new Database(
                config.target().login(),
                config.target().schema(),
                NAME,
                Timeouts.standard().withStatement(STATEMENT));
        try (Connection connection = target.open()) {
            return run(config, connection);
        }
    }

    /** Shows how far it is meanwhile. */
    final DiffReport compare(
            FreshetConfig config, Connection target, Generation live, Generation other, Duration patience)
            throws SQLException, InterruptedException {
        Database source = source(config);
        ProgressLine line = new ProgressLine(err(), "users compared", time());
        try {
            return new GenerationDiff(config, target, source, patience, time()).compare(live, other, line::at);
        } finally {
            line.end();
        }
    }

    static Database source(FreshetConfig config) {
        return new Database(config.source().login(), config.source().schema(), NAME, Timeouts.standard());
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
