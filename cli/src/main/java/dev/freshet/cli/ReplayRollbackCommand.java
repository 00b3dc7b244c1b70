package dev.freshet.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import dev.freshet.ops.replay.Replay;
import dev.freshet.ops.replay.Turn;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;

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

    @Option(
            names = "--to",
            paramLabel = "N",
            description =
                    "The generation to turn to, which has to be a standby (default: the one before the live one).")
    private @Nullable Integer to;

    @Override
    void check() {
        checkNumber(to);
    }

    @Override
    int run(FreshetConfig config, Connection target) throws SQLException, InterruptedException {
        Replay replay = new Replay(config, target);
        Generation chosen = to == null ? replay.previous() : replay.standby(to);
        out().println(ReplayText.turned(new Turn(config, target, time()).to(chosen, patience)));
        return 0;
    }
}
