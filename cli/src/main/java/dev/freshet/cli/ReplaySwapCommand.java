package dev.freshet.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

import dev.freshet.ops.replay.DiffReport;
import dev.freshet.ops.replay.Replay;
import dev.freshet.ops.replay.Turn;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;

/** Turns readers to a replay. */
@Command(
        name = "swap",
        description = {
            "Turns readers to the generation that was built.",
            "Compares it with the live one first, and exits with 1 if more differs than it may. No read fails, and complete"
                    + " through does not fall. The one that was live goes on being fed: 'freshet replay rollback' turns readers"
                    + " back to it."
        })
final class ReplaySwapCommand extends ReplayAction {
    @Option(
            names = "--max-difference",
            paramLabel = "SHARE",
            defaultValue = "0",
            description = "The share of users that may differ, or change at every look, from 0 to 1 (default:"
                    + " ${DEFAULT-VALUE}).")
    private double maxDifference;

    @Option(names = "--force", description = "Swap without comparing.")
    private boolean force;

    @Option(
            names = "--patience",
            paramLabel = "DURATION",
            converter = DurationArgument.class,
            defaultValue = "60s",
            description = "How long to wait for readers to let go of the view (default: ${DEFAULT-VALUE}).")
    private Duration patience = Duration.ofSeconds(60);

    @Override
    void check() {
        if (!(maxDifference >= 0 && maxDifference <= 1)) {
            throw new ParameterException(spec().commandLine(), "--max-difference is a share, from 0 to 1");
        }
    }

    @Override
    int run(FreshetConfig config, Connection target) throws SQLException, InterruptedException {
        Replay replay = new Replay(config, target);
        Generation next = replay.building();
        Turn turn = new Turn(config, target, time());
        turn.requireComplete(next);
        if (!force) {
            Generation live = replay.live();
            DiffReport report = compare(config, target, live, next, patience);
            ReplayText.lines(live, next, report).forEach(out()::println);
            if (report.doubtfulShare() > maxDifference) {
                err().println("freshet: readers still see generation " + live.number()
                        + ", because more differs, or changed at every look, than may: --max-difference allows another"
                        + " share, --force any");
                return 1;
            }
        }
        out().println(ReplayText.turned(turn.to(next, patience)));
        return 0;
    }
}
