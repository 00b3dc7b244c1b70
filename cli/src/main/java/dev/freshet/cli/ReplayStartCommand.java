package dev.freshet.cli;

import java.sql.Connection;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

import dev.freshet.ops.replay.KafkaSide;
import dev.freshet.ops.replay.ProgressReader;
import dev.freshet.ops.replay.Replay;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.lifecycle.Diagnosis;
import dev.freshet.runtime.lifecycle.ExitCode;
import dev.freshet.runtime.lifecycle.Stop;

/** Begins a replay. */
@Command(
        name = "start",
        description = {
            "Begins to build the next generation: from the change log, or from a new snapshot of the source.",
            "The build runs in ingest, streams and sink, which go on with it whatever becomes of this command; readers see"
                    + " nothing of it before 'freshet replay swap'. The configuration has to be the one that they run with."
        })
final class ReplayStartCommand extends ReplayAction {
    @Option(
            names = "--from-source",
            description =
                    "Have ingest read the source anew, into a change log and from a replication slot of its own, while it"
                            + " goes on feeding the live one.")
    private boolean fromSource;

    @Option(
            names = "--go-live",
            description =
                    "With --from-source, where the live generation cannot be gone on with: readers are turned to the new"
                            + " one as soon as it is complete. What else is being built is given up. The live one need not be in order,"
                            + " and ingest need not run; start it afterwards.")
    private boolean goLive;

    @Option(names = "--wait", description = "Show how far it is, until it is complete.")
    private boolean wait;

    @Override
    void check() {
        if (goLive && !fromSource) {
            throw new ParameterException(spec().commandLine(), "--go-live is for a generation --from-source");
        }
    }

    @Override
    int run(FreshetConfig config, Connection target) throws SQLException, InterruptedException {
        Replay replay = new Replay(config, target);
        try (KafkaSide kafka = new KafkaSide(config)) {
            Generation next = start(replay, config, kafka);
            out().println("generation " + next.number() + " is being built from "
                    + (fromSource
                            ? "the source"
                            : "the change log of generation " + next.log().number())
                    + (goLive ? ", and becomes live by itself" : ""));
            if (wait) {
                out().flush();
                watch(next, replay, new ProgressReader(config, target, kafka));
                if (!goLive) {
                    out().println(NamedCommands.runnable(
                            "turn readers to it: freshet replay swap", spec().commandLine()));
                }
            } else {
                out().println(NamedCommands.runnable(
                        "see how far it is: freshet replay status --watch", spec().commandLine()));
            }
        }
        return 0;
    }

    /** Whoever began a build must not begin it again because it could not be looked at. */
    private void watch(Generation next, Replay replay, ProgressReader progress)
            throws SQLException, InterruptedException {
        try {
            new BuildWatch(replay, progress, err(), Terminal.columns(System.getenv()), time()).untilComplete(next);
        } catch (SQLException | RuntimeException e) {
            if (ExitCode.of(e) != ExitCode.TEMPORARY) {
                throw e;
            }
            throw new Stop.Operator(
                    "generation " + next.number() + " goes on being built, but how far it is cannot be asked: "
                            + Diagnosis.of(e).getMessage(),
                    "Look on: freshet replay status --watch",
                    e);
        }
    }

    private Generation start(Replay replay, FreshetConfig config, KafkaSide kafka)
            throws SQLException, InterruptedException {
        if (!fromSource) {
            return replay.start();
        }
        try (Connection source = source(config).open()) {
            return replay.startFromSource(goLive, source, kafka);
        }
    }
}
