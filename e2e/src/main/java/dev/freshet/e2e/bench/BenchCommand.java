package dev.freshet.e2e.bench;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import dev.freshet.cli.LogOutput;
import dev.freshet.cli.Subcommand;
import dev.freshet.e2e.process.WorkDirectory;
import dev.freshet.runtime.time.Time;
import dev.freshet.testkit.servers.EmbeddedServers;

/** Measures what Freshet costs and how fresh it is. */
@Command(
        name = "bench",
        description = {
            "Measures speed, freshness and cost on embedded servers.",
            "Starts PostgreSQL 17 (with fsync), Kafka and a schema registry on 127.0.0.1, fills shops with up to 1,000,000"
                    + " orders, and runs ingest, streams and sink on them, and Debezium alone for comparison. A figure counts"
                    + " only if the table is the truth behind it; exits with 1 if one does not. The last line of the output"
                    + " is one JSON object. The whole takes about half an hour on two cores; the machine should have nothing"
                    + " else to do."
        })
public final class BenchCommand implements Subcommand {
    @Option(names = "--json", description = "Print the JSON object only, without the table before it.")
    private boolean json;

    @Option(
            names = "--scale",
            paramLabel = "FACTOR",
            defaultValue = "1",
            description = "Factor of all numbers of rows, 0.01 to 10 (default: ${DEFAULT-VALUE}).")
    private double scale = 1;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each figure is measured, in turns; medians count (default: ${DEFAULT-VALUE}).")
    private int runs = 3;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            converter = Figure.Name.class,
            description = "Measure only these: ${COMPLETION-CANDIDATES}. Most are measured behind a bootstrap.")
    private List<Figure> only = List.of();

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "freshet-bench",
            description =
                    "Where servers and processes keep their data and logs (default: ./${DEFAULT-VALUE}). It has to be"
                            + " missing or empty; the data are removed at the end, the logs of the servers stay if a figure failed.")
    private Path dataDirectory = Path.of("freshet-bench");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        check(scale >= 0.01 && scale <= 10, "--scale " + scale + " is out of range");
        check(runs >= 1 && runs <= 100, "--runs " + runs + " is out of range");
        Path directory = dataDirectory.toAbsolutePath().normalize();
        check(WorkDirectory.isFree(directory), "--data-dir " + directory + " is not empty");
        Set<Figure> figures = only.isEmpty() ? EnumSet.allOf(Figure.class) : EnumSet.copyOf(only);
        return run(new BenchOptions(directory, scale, runs, figures));
    }

    private int run(BenchOptions options) throws Exception {
        LogOutput.toFile(options.dataDirectory().resolve("bench.log"));
        PrintWriter out = spec.commandLine().getOut();
        Report report = new Report(spec.commandLine().getErr());
        report.progress("starting PostgreSQL, Kafka and the schema registry");
        endWithThisJvm();
        try (EmbeddedServers servers = new EmbeddedServers(options.dataDirectory(), 0).stopAtJvmEnd()) {
            servers.start(event -> {});
            new Bench(new Bed(servers, options, Time.system()), report).run();
        }
        if (!json) {
            report.table(out);
        }
        out.println(report.json(options));
        out.flush();
        if (report.allCount()) {
            WorkDirectory.delete(options.dataDirectory());
        }
        return report.allCount() ? 0 : 1;
    }

    /** Each child is in a session of its own: a Ctrl-C does not reach it. */
    private static void endWithThisJvm() {
        Thread ending =
                new Thread(() -> ProcessHandle.current().children().forEach(ProcessHandle::destroy), "bench-end");
        Runtime.getRuntime().addShutdownHook(ending);
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
