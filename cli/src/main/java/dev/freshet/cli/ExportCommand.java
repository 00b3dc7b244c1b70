package dev.freshet.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.lifecycle.ExitCode;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.serving.export.BadRows;
import dev.freshet.serving.export.Export;
import dev.freshet.serving.export.ExportMode;
import dev.freshet.serving.export.ExportRefusedException;
import dev.freshet.serving.export.ExportReport;
import dev.freshet.serving.export.ExportRequest;

/** Makes training data of labels. */
@Command(
        name = "export",
        description = {
            "Adds to each label the features at its instant.",
            "Labels are a CSV or Parquet file with the columns user_id and label_time, and any others, which are kept. The"
                    + " output has the same rows in the same order, and a manifest beside it. See TRAINING.md."
        })
final class ExportCommand implements Callable<Integer> {
    /** For DuckDB to give up a statement, and for what it has written to be deleted. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int NOT_REPEATED = 1;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private RunningSystem system = new RunningSystem();

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            required = true,
            description = "The labels: a .csv or .parquet file.")
    private Path labels = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "What to write: a .csv or .parquet file. It appears whole or not at all.")
    private Path out = Path.of("");

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "event-time",
            description =
                    "event-time: as was right at the instant, computed from the source. as-served: as user_features showed it."
                            + " both: side by side, with a report of the difference (default: ${DEFAULT-VALUE}).")
    private String mode = "event-time";

    @Option(
            names = "--on-bad-row",
            paramLabel = "WHAT",
            defaultValue = "refuse",
            description =
                    "refuse: export nothing if a user_id or label_time cannot be read. null: leave the features of such rows"
                            + " empty (default: ${DEFAULT-VALUE}).")
    private String badRows = "refuse";

    @Option(names = "--force", description = "Replace what is there under the name of the output.")
    private boolean force;

    @Option(
            names = "--manifest",
            paramLabel = "FILE",
            description = "Of an export that this one repeats: exit with 1 if the bytes are not the same.")
    private @Nullable Path manifest;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        ExportRequest request = new ExportRequest(labels, out, mode(), badRows(), force, manifest, Version.ofPackage());
        FreshetConfig config = system.load();
        PhaseLines progress = new PhaseLines(spec.commandLine().getErr(), Time.system());
        Export export = new Export(config, request, progress::at, Time.system());
        return OrderlyEnd.run(() -> run(export, progress), export::interrupt, PATIENCE);
    }

    private int run(Export export, PhaseLines progress) throws Exception {
        ExportReport report;
        try {
            report = export.run();
        } catch (ExportRefusedException e) {
            progress.end();
            spec.commandLine().getErr().println("freshet: " + e.getMessage());
            return ExitCode.USAGE.code();
        } catch (Stop.Restart e) {
            // Somebody asked for it, and the JVM ends as soon as there is an exit code: nothing else would tell it.
            progress.end();
            spec.commandLine().getErr().println("freshet: " + e.getMessage());
            return ExitCode.TEMPORARY.code();
        } finally {
            progress.end();
        }
        PrintWriter output = spec.commandLine().getOut();
        if (json) {
            output.println(ExportText.json(report));
        } else {
            ExportText.lines(report).forEach(output::println);
        }
        boolean isRepeated =
                report.comparison().map(ExportReport.Comparison::isEqual).orElse(true);
        return isRepeated ? ExitCode.OK.code() : NOT_REPEATED;
    }

    private ExportMode mode() {
        return Arrays.stream(ExportMode.values())
                .filter(one -> one.text().equals(mode))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "--mode " + mode + ": write event-time, as-served or both"));
    }

    private BadRows badRows() {
        return Arrays.stream(BadRows.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(badRows))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "--on-bad-row " + badRows + ": write refuse or null"));
    }
}
