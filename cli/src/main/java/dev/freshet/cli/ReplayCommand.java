package dev.freshet.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Only has subcommands. */
@Command(
        name = "replay",
        description = {
            "Builds user_features anew beside the one that is read, and turns readers to it.",
            "start builds a generation from the change log; streams and sink do the work. diff compares it with the live"
                    + " one, swap turns readers to it, rollback turns them back: both go on being fed. drop removes the one"
                    + " that is not wanted."
        },
        subcommands = {
            ReplayStartCommand.class,
            ReplayStatusCommand.class,
            ReplayDiffCommand.class,
            ReplaySwapCommand.class,
            ReplayRollbackCommand.class,
            ReplayDropCommand.class
        })
final class ReplayCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }
}
