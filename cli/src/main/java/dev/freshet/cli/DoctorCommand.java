package dev.freshet.cli;

import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import dev.freshet.ingest.IngestChecks;
import dev.freshet.ops.erase.ErasureChecks;
import dev.freshet.runtime.check.Checks;
import dev.freshet.runtime.check.ClockChecks;
import dev.freshet.runtime.check.FedGenerations;
import dev.freshet.runtime.check.KafkaChecks;
import dev.freshet.runtime.check.RegistryChecks;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.time.Time;
import dev.freshet.sink.SinkChecks;
import dev.freshet.streams.StreamsChecks;

/** Checks everything that a deployment rests on. */
@Command(
        name = "doctor",
        description = {
            "Checks source, target, Kafka, registry, clocks and state, and says what mends what it finds.",
            "Everything is asked, whatever is wrong elsewhere, and nothing is changed. Exits with 0 if there is no error, with"
                    + " 1 if there is one; warnings alone are 0. Run it where the processes run, before their first start and"
                    + " whenever something is odd."
        })
final class DoctorCommand implements Callable<Integer> {
    @ArgGroup(exclusive = true, multiplicity = "1")
    private RunningSystem system = new RunningSystem();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = "--fix",
            description =
                    "First mend what can be mended without losing or hiding anything, and say what was run: a missing"
                            + " publication, replica identity and target schema, while nothing is fed yet, and settings of topics.")
    private boolean fix;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        FreshetConfig config = system.loadForParts();
        List<Checks> all = checks(config, Time.system());
        DoctorReport report =
                DoctorReport.of(all, fix).withCures(cure -> NamedCommands.runnable(cure, spec.commandLine()));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(report.json());
        } else {
            report.lines().forEach(out::println);
        }
        return report.hasErrors() ? 1 : 0;
    }

    /** In the order in which they are asked, and mend. */
    static List<Checks> checks(FreshetConfig config, Time time) {
        List<Generation> generations = new ArrayList<>();
        try {
            generations.addAll(FedGenerations.of(config));
        } catch (SQLException e) {
            // The target's own checks say so; what belongs to generations is left out.
            generations.clear();
        }
        return List.of(
                new IngestChecks(config, generations),
                new SinkChecks(config, generations),
                // What an interrupted erasure has altered is put back before it is held against what it has to be.
                new ErasureChecks(config),
                new KafkaChecks(
                        config,
                        generations,
                        (topics, generation) -> StreamsChecks.internalTopics(config, topics, generation),
                        time),
                new RegistryChecks(config, generations),
                new ClockChecks(config, time),
                new StreamsChecks(config));
    }
}
