package dev.freshet.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import dev.freshet.ops.replay.Replay;
import dev.freshet.ops.replay.Turn;
import dev.freshet.runtime.config.FreshetConfig;

/** Turns readers back. */
@Command(
        name = "rollback",
        description = {
            "Turns readers back to the generation that they saw before the swap.",
            "It has been fed all the while, so nothing is lost and complete through does not fall."
        })
final class ReplayRollbackCommand extends ReplayAction {
    @Option(
            names = "--patience",
            paramLabel = "DURATION",
            converter = DurationArgument.class,
            defaultValue = "10s",
            description = "How long to wait until it is as complete as the live one (default: ${DEFAULT-VALUE}).")
    private Duration patience = Duration.ofSeconds(10);

    @Override
    int run(FreshetConfig config, Connection target) throws SQLException, InterruptedException {
        Turn turn = new Turn(config, target, time());
        out().println(ReplayText.turned(turn.to(new Replay(config, target).standby(), patience)));
        return 0;
    }
}
