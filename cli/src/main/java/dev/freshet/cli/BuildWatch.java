package dev.freshet.cli;

import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

import dev.freshet.cli.demo.Rate;
import dev.freshet.cli.demo.Screen;
import dev.freshet.ops.replay.BuildProgress;
import dev.freshet.ops.replay.ProgressReader;
import dev.freshet.ops.replay.Replay;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;

/** Shows how far a build is until it is complete: a bar on a terminal, a line every ten seconds elsewhere. */
final class BuildWatch {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int LINE_EVERY = 10;

    private final Replay replay;
    private final ProgressReader progress;
    private final Screen screen;
    private final Time time;
    private Rate rate = new Rate();
    private BuildProgress.@Nullable Stage stage;
    private int looks;

    BuildWatch(Replay replay, ProgressReader progress, PrintWriter err, OptionalInt columns, Time time) {
        this.replay = replay;
        this.progress = progress;
        this.time = time;
        screen = new Screen(err, columns);
    }

    /**
     * Returns when the generation can be swapped in, or was. Whoever ends it before does not end the build.
     *
     * @throws Stop.Operator if the generation is given up or dropped meanwhile
     */
    void untilComplete(Generation generation) throws SQLException, InterruptedException {
        Generation watched = generation;
        while (isBuilding(watched.number())) {
            watched = replay.builtAfter(watched.number()).orElse(watched);
            BuildProgress now = progress.read(watched);
            boolean isNewStage = now.stage() != stage;
            if (isNewStage) {
                stage = now.stage();
                rate = new Rate();
            }
            String line = ReplayText.progress(now, rate.at(time.nanoTime(), now.done()));
            if (now.isComplete()) {
                screen.line(line);
                return;
            }
            if (screen.isTerminal()) {
                screen.redraw(List.of(line));
            } else if (isNewStage || looks % LINE_EVERY == 0) {
                screen.line(line);
            }
            looks++;
            time.pause(INTERVAL);
        }
    }

    private boolean isBuilding(int number) throws SQLException {
        Generation now = replay.numbered(number);
        return switch (now.state()) {
            case BUILDING -> true;
            case LIVE, STANDBY -> false;
            case ABANDONED, DROPPED -> {
                if (replay.builtAfter(number).isPresent()) {
                    screen.line("generation " + number + " was given up: " + now.note());
                    yield true;
                }
                throw new Stop.Operator(
                        "generation " + number + " is " + now.state().text() + ": " + now.note(),
                        "Begin another one: freshet replay start");
            }
        };
    }
}
