package dev.freshet.cli;

import java.sql.Connection;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import dev.freshet.ops.replay.KafkaSide;
import dev.freshet.ops.replay.ProgressReader;
import dev.freshet.ops.replay.Replay;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;

/** Begins a replay. */
@Command(
        name = "start",
        description = {
            "Begins to build the next generation from the change log.",
            "The build runs in streams and sink, which go on with it whatever becomes of this command; readers see nothing of"
                    + " it before 'freshet replay swap'."
        })
final class ReplayStartCommand extends ReplayAction {
    @Option(names = "--wait", description = "Show how far it is, until it is complete.")
    private boolean wait;

    @Override
    int run(FreshetConfig config, Connection target) throws SQLException, InterruptedException {
        Replay replay = new Replay(config, target);
        Generation next = replay.start();
        out().println("generation " + next.number() + " is being built from the change log of generation "
                + next.log().number());
        if (wait) {
            out().flush();
            try (KafkaSide kafka = new KafkaSide(config)) {
                new BuildWatch(
                                replay,
                                new ProgressReader(config, target, kafka),
                                err(),
                                Terminal.columns(System.getenv()),
                                time())
                        .untilComplete(next);
            }
        } else {
            out().println("see how far it is: freshet replay status --watch");
        }
        return 0;
    }
}
