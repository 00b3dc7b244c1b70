package dev.freshet.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import dev.freshet.ops.truth.TruthFunction;
import dev.freshet.runtime.config.FreshetConfig;

/** Prints the reconciliation query. */
@Command(
        name = "truth-sql",
        description = {
            "Prints the SQL function that says what is right.",
            "user_features_at(t) computes the features at t straight from the source's tables, and shares no code with"
                    + " the streams. Pipe it into psql on the source's database, then for example:",
            "  SELECT * FROM user_features_at(now()) WHERE user_id = 1"
        })
final class TruthSqlCommand implements Callable<Integer> {
    @ArgGroup(exclusive = true, multiplicity = "1")
    private RunningSystem system = new RunningSystem();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        FreshetConfig config = system.load();
        TruthFunction truth = TruthFunction.of(config);
        spec.commandLine().getOut().print(truth.sql());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
