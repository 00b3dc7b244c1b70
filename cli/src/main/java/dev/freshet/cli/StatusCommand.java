package dev.freshet.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import dev.freshet.ops.status.StatusCheck;
import dev.freshet.ops.status.StatusReport;
import dev.freshet.runtime.time.Time;

/** Shows how a system is. */
@Command(
        name = "status",
        description = {
            "Shows generations, lag and age by stage, the replication slot, and dead letters.",
            "Asks source, target and Kafka, no process, and changes nothing. Exits with 1 if one of the three does not answer;"
                    + " what the others say is shown all the same."
        })
final class StatusCommand implements Callable<Integer> {
    @ArgGroup(exclusive = true, multiplicity = "1")
    private RunningSystem system = new RunningSystem();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        StatusReport report = StatusCheck.run(system.load(), Time.system());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(StatusText.json(report));
        } else {
            StatusText.lines(report).forEach(out::println);
        }
        return report.unreachable().isEmpty() ? 0 : 1;
    }
}
