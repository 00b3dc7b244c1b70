package dev.freshet.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import dev.freshet.ops.replay.DiffReport;
import dev.freshet.ops.replay.Replay;
import dev.freshet.ops.replay.Turn;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;

/** Compares two generations. */
@Command(
        name = "diff",
        description = {
            "Compares the generation that is being built with the one that readers see.",
            "Every user and every feature, while both are written: what counts is what still differs when both rows are the"
                    + " truth of the same instant. Exits with 1 if anything differs."
        })
final class ReplayDiffCommand extends ReplayAction {
    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = "--generation",
            paramLabel = "N",
            description = "Compare this one instead, for example the standby.")
    private @Nullable Integer number;

    @Option(
            names = "--patience",
            paramLabel = "DURATION",
            converter = DurationArgument.class,
            defaultValue = "60s",
            description = "How long to wait for both to go on, each time (default: ${DEFAULT-VALUE}).")
    private Duration patience = Duration.ofSeconds(60);

    @Override
    void check() {
        checkNumber(number);
    }

    @Override
    int run(FreshetConfig config, Connection target) throws SQLException, InterruptedException {
        Replay replay = new Replay(config, target);
        Generation live = replay.live();
        Generation other = number == null ? replay.building() : replay.numbered(number);
        new Turn(config, target, time()).requireComplete(other);
        DiffReport report = compare(config, target, live, other, patience);
        if (json) {
            out().println(ReplayText.json(live, other, report));
        } else {
            ReplayText.lines(live, other, report).forEach(out()::println);
        }
        return report.differences() == 0 ? 0 : 1;
    }
}
