package dev.freshet.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import dev.freshet.cli.demo.Screen;
import dev.freshet.ops.replay.DiffReport;
import dev.freshet.ops.replay.GenerationDiff;
import dev.freshet.ops.replay.Replay;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.time.Time;

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
    int run(FreshetConfig config, Connection target) throws SQLException, InterruptedException {
        Replay replay = new Replay(config, target);
        Generation live = replay.live();
        Generation other = number == null ? replay.building() : replay.numbered(number);
        DiffReport report = compare(config, target, patience, time()).compare(live, other, progress());
        if (json) {
            out().println(ReplayText.json(live, other, report));
        } else {
            ReplayText.lines(live, other, report).forEach(out()::println);
        }
        return report.differences() == 0 ? 0 : 1;
    }

    static GenerationDiff compare(FreshetConfig config, Connection target, Duration patience, Time time) {
        Database source =
                new Database(config.source().login(), config.source().schema(), "freshet-replay", Timeouts.standard());
        return new GenerationDiff(config, target, source, patience, time);
    }

    private LongConsumer progress() {
        Screen screen = new Screen(err(), Terminal.columns(System.getenv()));
        return compared -> {
            if (screen.isTerminal()) {
                screen.redraw(List.of("%,d users compared".formatted(compared)));
            }
        };
    }
}
