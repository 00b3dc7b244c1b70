package dev.freshet.e2e.faults;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import dev.freshet.cli.DurationArgument;
import dev.freshet.cli.LogOutput;
import dev.freshet.cli.OrderlyEnd;
import dev.freshet.cli.Subcommand;
import dev.freshet.e2e.process.WorkDirectory;
import dev.freshet.runtime.time.Time;

/** Lets things go wrong, and looks whether the promises hold. */
@Command(
        name = "torture",
        description = {
            "Lets processes, servers and connections fail at random, and looks whether the table stays the truth.",
            "Starts PostgreSQL 17, Kafka, a schema registry, ingest, streams and sink on 127.0.0.1, changes a shop all the time,"
                    + " and has faults strike, alone or two at once, round after round. Readers look on all the while: at rows that go"
                    + " back, at rows that are not the truth at their computed_at, at users who are missing. Behind each round"
                    + " everything has to be ready again and the whole table equal to the truth SQL. Exits with 1 if anything was found."
                    + " Ctrl-C ends it, with the sums so far. It kills only what it has started."
        })
public final class TortureCommand implements Subcommand {
    private static final Duration ENDING = Duration.ofMinutes(2);

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Decides which faults strike, and what happens in the shop; printed, and random without.")
    private @Nullable Long seed;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = DurationArgument.class,
            defaultValue = "10m",
            description = "No round begins after so long, as 30m or 2h (default: ${DEFAULT-VALUE}).")
    private Duration limit = Duration.ofMinutes(10);

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "Only these, alone, in turns: names of --list, or their beginning and a star, as 'kill-*'.")
    private List<String> only = List.of();

    @Option(
            names = "--phase",
            paramLabel = "PHASE",
            converter = Phase.Name.class,
            description =
                    "What the system is at meanwhile: ${COMPLETION-CANDIDATES}; any without, with --only streaming.")
    private @Nullable Phase phase;

    @Option(names = "--list", description = "Print all faults, and do nothing.")
    private boolean list;

    @Option(names = "--json", description = "Print the sums as a JSON object only.")
    private boolean json;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "freshet-torture",
            description =
                    "Where servers and processes keep their data and logs (default: ./${DEFAULT-VALUE}). It has to be"
                            + " missing or empty; it is removed at the end unless something was found.")
    private Path dataDirectory = Path.of("freshet-torture");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (list) {
            Faults.all().forEach(fault -> out.printf("%-36s %s%n", fault.name(), fault.title()));
            return 0;
        }
        Path directory = dataDirectory.toAbsolutePath().normalize();
        check(WorkDirectory.isFree(directory), "--data-dir " + directory + " is not empty");
        check(
                !directory.startsWith("/tmp"),
                "--data-dir " + directory + " is below /tmp, where streams keeps no state");
        long decided = seed == null ? new SplittableRandom().nextLong(1_000_000) : seed;
        return run(new TortureOptions(directory, decided, faults(), phase));
    }

    private List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        for (String pattern : only) {
            List<Fault> matching = Faults.matching(pattern);
            check(!matching.isEmpty(), "--only " + pattern + " is no fault: see --list");
            faults.addAll(matching);
        }
        return faults;
    }

    private int run(TortureOptions options) throws Exception {
        LogOutput.toFile(options.dataDirectory().resolve("torture.log"));
        TortureReport report = new TortureReport(spec.commandLine().getErr(), Time.system());
        report.progress("seed " + options.seed());
        Torture torture = new Torture(options, report, Time.system());
        Thread here = Thread.currentThread();
        return OrderlyEnd.run(() -> run(torture, options, report), () -> torture.stop(here), ENDING);
    }

    private int run(Torture torture, TortureOptions options, TortureReport report) throws Exception {
        torture.run(limit);
        PrintWriter out = spec.commandLine().getOut();
        if (!json) {
            report.table(out);
        }
        out.println(report.json(options));
        out.flush();
        if (report.isClean()) {
            WorkDirectory.delete(options.dataDirectory());
        }
        return report.isClean() ? 0 : 1;
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
