package dev.freshet.ops.replay;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Activation;
import dev.freshet.runtime.generation.Activation.Obstacle;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.retry.Backoff;
import dev.freshet.runtime.time.Time;

/** Turns readers to another generation: a swap or a rollback. Over one connection to the target. */
public final class Turn {
    /** Less than a tick's interval: of two generations on one log each is ahead about half of the time. */
    private static final Duration PAUSE = Duration.ofMillis(5);

    /** Whoever waits for a lock makes readers wait behind it, for 100 ms; then they have this long for themselves. */
    private static final Backoff FOR_READERS = new Backoff(Duration.ofMillis(10), Duration.ofMillis(400), 0.2);

    private final Connection target;
    private final Activation activation;
    private final Time time;

    public Turn(FreshetConfig config, Connection target, Time time) {
        this.target = target;
        this.time = time;
        activation = new Activation(config.names(), config.catalogue());
    }

    /**
     * Returns if it holds every user.
     *
     * @throws Stop.Operator if it does not
     */
    public void requireComplete(Generation generation) throws SQLException {
        requireComplete(generation, activation.obstacle(target, generation));
    }

    private static void requireComplete(Generation generation, Optional<Obstacle> obstacle) {
        if (obstacle.isPresent() && !obstacle.get().isComplete()) {
            throw new Stop.Operator(
                    "generation " + generation.number() + " is not complete: "
                            + obstacle.get().reason(),
                    "Wait for it: freshet replay status --watch");
        }
    }

    /**
     * Tries until neither a reader nor the generation's own position is in the way.
     *
     * @param patience how long to try
     * @return it, live
     * @throws Stop.Operator if it is not complete, or something was in the way all the time; nothing has changed then
     */
    public Generation to(Generation generation, Duration patience) throws SQLException, InterruptedException {
        long deadline = time.nanoTime() + patience.toNanos();
        String inTheWay = "";
        int refusals = 0;
        do {
            Duration pause = PAUSE;
            Optional<Obstacle> obstacle = activation.obstacle(target, generation);
            requireComplete(generation, obstacle);
            if (obstacle.isPresent()) {
                inTheWay = obstacle.get().reason();
            } else {
                try {
                    Optional<Generation> live = activation.activate(target, generation.number(), generation.state());
                    if (live.isPresent()) {
                        return live.get();
                    }
                    inTheWay = "generation " + generation.number() + " fell behind the live one, or is not "
                            + generation.state() + " any more";
                } catch (SQLException e) {
                    if (SqlFault.of(e) != SqlFault.RETRY) {
                        throw e;
                    }
                    inTheWay = "readers held the view: " + e.getMessage();
                    pause = FOR_READERS.after(++refusals, ThreadLocalRandom.current());
                }
            }
            time.pause(pause);
        } while (time.nanoTime() - deadline < 0);
        throw new Stop.Operator(
                "readers still see what they saw; in the way for " + patience.toSeconds() + " s was: " + inTheWay,
                "See whether streams and sink run (freshet replay status), or give it longer (--patience)");
    }
}
