package dev.freshet.cli;

import java.io.Console;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

import dev.freshet.ops.replay.Drop;
import dev.freshet.ops.replay.KafkaSide;
import dev.freshet.ops.replay.Replay;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;

/** Removes a generation. */
@Command(
        name = "drop",
        description = {
            "Removes a generation that readers do not see, for good: its table, topics, groups and positions.",
            "Also one that is still being built. If it is interrupted, run it again with the generation's number. The history"
                    + " stays."
        })
final class ReplayDropCommand extends ReplayAction {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "N",
            description = "The generation's number; needed only if there are several to choose from.")
    private @Nullable Integer number;

    @Option(names = "--yes", description = "Do not ask. Needed where there is no terminal.")
    private boolean yes;

    @Override
    void check() {
        checkNumber(number);
        if (!yes && System.console() == null) {
            throw new ParameterException(spec().commandLine(), "there is no terminal to ask on: say --yes");
        }
    }

    @Override
    int run(FreshetConfig config, Connection target) throws SQLException, InterruptedException {
        Replay replay = new Replay(config, target);
        Generation generation = number == null ? replay.droppable() : replay.numbered(number);
        if (!yes && !confirmed(generation)) {
            err().println("freshet: nothing was removed");
            return 1;
        }
        try (KafkaSide kafka = new KafkaSide(config)) {
            new Drop(config, target, kafka, time()).run(generation, PATIENCE).forEach(name -> out().println(
                            "removed " + name));
        }
        return 0;
    }

    private boolean confirmed(Generation generation) {
        Console console = System.console();
        return console != null
                && "yes"
                        .equals(console.readLine(
                                "Remove generation %d (%s), for good? [yes/no] ",
                                generation.number(), generation.state().text()));
    }
}
