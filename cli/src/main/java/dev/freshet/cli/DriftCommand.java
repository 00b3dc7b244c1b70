package dev.freshet.cli;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import dev.freshet.ops.drift.DriftCheck;
import dev.freshet.ops.drift.DriftReport;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;

/** Compares the whole table with the truth. */
@Command(
        name = "drift",
        description = {
            "Compares user_features with the truth.",
            "Every user and every value; exits with 0 only if nothing differs. Waits first until all that was committed"
                    + " before it began is in the table. Source and target have to be in one database, and the source at"
                    + " rest: what is committed meanwhile may show as drift."
        })
final class DriftCommand implements Callable<Integer> {
    private static final Duration COMPARISON = Duration.ofMinutes(10);

    @ArgGroup(exclusive = true, multiplicity = "1")
    private RunningSystem system = new RunningSystem();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = "--patience",
            paramLabel = "DURATION",
            converter = DurationArgument.class,
            defaultValue = "60s",
            description = "How long to wait for the table to catch up, as 30s or 5m (default: ${DEFAULT-VALUE}).")
    private Duration patience = Duration.ofSeconds(60);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws SQLException {
        FreshetConfig config = system.load();
        Database target = new Database(
                config.target().login(),
                config.target().schema(),
                "freshet-drift",
                Timeouts.standard().withStatement(COMPARISON));
        DriftCheck check = DriftCheck.of(config);
        DriftReport report;
        try (Connection connection = target.open()) {
            report = check.run(connection, patience);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(DriftText.json(report));
        } else {
            DriftText.lines(report).forEach(out::println);
            if (!report.isClean()) {
                String hint = "  this counts only if nothing was committed meanwhile; under traffic: freshet reconcile";
                out.println(NamedCommands.runnable(hint, spec.commandLine()));
            }
        }
        return report.isClean() ? 0 : 1;
    }
}
