package dev.freshet.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import dev.freshet.ops.reconcile.Pace;
import dev.freshet.ops.reconcile.Reconcile;
import dev.freshet.ops.reconcile.ReconcileReport;
import dev.freshet.ops.reconcile.Reconciliation;
import dev.freshet.ops.reconcile.RepairReport;
import dev.freshet.runtime.time.Time;

/** Compares the table with the truth under traffic. */
@Command(
        name = "reconcile",
        description = {
            "Compares user_features with the truth while the source is written to.",
            "Goes through all users in chunks. What differs is reported only if it is there again in a second look that no"
                    + " transaction on its way can explain; what cannot be made sure of is counted as unverified. Source and"
                    + " target may be in different databases. Exits with 0 only if nothing differs."
        })
final class ReconcileCommand implements Callable<Integer> {
    @ArgGroup(exclusive = true, multiplicity = "1")
    private RunningSystem system = new RunningSystem();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = "--repair",
            description =
                    "Have ingest read what differs anew from the source and replace it in the change log, from where it"
                            + " comes to the table; then compare these users again, which decides the exit code.")
    private boolean repair;

    @Option(names = "--strict", description = "Fail for unverified users, too.")
    private boolean strict;

    @Option(
            names = "--chunk",
            paramLabel = "N",
            defaultValue = "1000",
            description =
                    "Users that one statement compares (default: ${DEFAULT-VALUE}). Where no index leads to the orders"
                            + " of a user, it is at least 100000: every chunk then reads all orders.")
    private int chunk;

    @Option(
            names = "--pause-share",
            paramLabel = "SHARE",
            defaultValue = "0.5",
            description =
                    "The share of the time, 0 to 0.99, in which the source is left alone (default: ${DEFAULT-VALUE}).")
    private double pauseShare;

    @Option(
            names = "--patience",
            paramLabel = "DURATION",
            converter = DurationArgument.class,
            defaultValue = "30s",
            description =
                    "How long to wait for transactions in flight, and for the table to catch up, before users count"
                            + " as unverified (default: ${DEFAULT-VALUE}).")
    private Duration patience = Duration.ofSeconds(30);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Pace pace = pace();
        try (Reconciliation reconciliation = Reconciliation.open(system.load(), pace, Time.system())) {
            ReconcileReport report =
                    showing("users compared", repair ? reconciliation::compareNaming : reconciliation::compare);
            ObjectNode root = ReconcileText.json(report);
            if (!json) {
                ReconcileText.lines(report).forEach(out::println);
            }
            int code = code(report);
            if (repair && !report.isClean()) {
                RepairReport repaired = showing(
                        "users repaired",
                        progress -> reconciliation.repair(report.users(), "freshet reconcile --repair", progress));
                ReconcileReport remaining = reconciliation.compare(report.users());
                root.set("repair", ReconcileText.json(repaired));
                root.set("remaining", ReconcileText.json(remaining));
                if (!json) {
                    ReconcileText.lines(repaired).forEach(out::println);
                    ReconcileText.lines(remaining).forEach(line -> out.println("then " + line.strip()));
                }
                code = code(report, repaired, remaining);
            }
            if (json) {
                out.println(root.toPrettyString());
            }
            return code;
        }
    }

    /** Of a comparison. */
    int code(ReconcileReport report) {
        return report.isClean() && isVerified(report) ? 0 : 1;
    }

    /** Of a comparison, the repair of what differed, and the comparison of these users alone: who was unverified is so still. */
    int code(ReconcileReport report, RepairReport repaired, ReconcileReport remaining) {
        return repaired.isComplete() && isVerified(report) ? code(remaining) : 1;
    }

    private boolean isVerified(ReconcileReport report) {
        return !strict || report.unverified() == 0;
    }

    private interface Work<T> {
        T run(Reconcile.Progress progress) throws Exception;
    }

    private <T> T showing(String what, Work<T> work) throws Exception {
        ProgressLine line = new ProgressLine(spec.commandLine().getErr(), what, Time.system());
        try {
            return work.run(line::at);
        } finally {
            line.end();
        }
    }

    private Pace pace() {
        if (chunk < 1 || chunk > 1_000_000) {
            throw new ParameterException(spec.commandLine(), "--chunk " + chunk + " is out of range");
        }
        if (!(pauseShare >= 0 && pauseShare <= 0.99)) {
            throw new ParameterException(spec.commandLine(), "--pause-share " + pauseShare + " is out of range");
        }
        return new Pace(chunk, pauseShare, patience);
    }
}
