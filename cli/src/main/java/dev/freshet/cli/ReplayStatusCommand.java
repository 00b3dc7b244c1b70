package dev.freshet.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import dev.freshet.ops.replay.BuildProgress;
import dev.freshet.ops.replay.GenerationList;
import dev.freshet.ops.replay.KafkaSide;
import dev.freshet.ops.replay.ProgressReader;
import dev.freshet.ops.replay.Replay;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.GenerationState;

/** Which generations there are. */
@Command(
        name = "status",
        description = {
            "Lists the generations, and how far the one is that is being built.",
            "Those that were removed are left out."
        })
final class ReplayStatusCommand extends ReplayAction {
    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(names = "--watch", description = "Show how far the build is, until it is complete.")
    private boolean watch;

    @Override
    int run(FreshetConfig config, Connection target) throws SQLException, InterruptedException {
        try (KafkaSide kafka = new KafkaSide(config)) {
            ProgressReader progress = new ProgressReader(config, target, kafka);
            if (watch) {
                Replay replay = new Replay(config, target);
                new BuildWatch(replay, progress, err(), Terminal.columns(System.getenv()), time())
                        .untilComplete(replay.unfinished());
            }
            List<GenerationList.Entry> entries = new GenerationList(target).read();
            List<BuildProgress> builds = new ArrayList<>();
            for (GenerationList.Entry entry : entries) {
                if (entry.generation().state() == GenerationState.BUILDING) {
                    builds.add(progress.read(entry.generation()));
                }
            }
            if (json) {
                out().println(ReplayText.json(entries, builds));
            } else {
                // Whoever has watched has seen the bar.
                ReplayText.lines(entries, watch ? List.of() : builds).forEach(out()::println);
            }
            return 0;
        }
    }
}
