package dev.freshet.e2e.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.ops.replay.Drop;
import dev.freshet.ops.replay.KafkaSide;
import dev.freshet.ops.replay.Replay;
import dev.freshet.ops.replay.Turn;
import dev.freshet.runtime.generation.Activation;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;

/** Further generations beside the one that is live, as an operator has them built. */
record Builds(Bed bed) {
    private static final Duration BUILD = Duration.ofMinutes(4);
    private static final Duration TURN = Duration.ofSeconds(60);
    private static final Duration DROP = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(100);

    private interface Work<T> {
        T on(Connection connection, KafkaSide kafka) throws Exception;
    }

    private <T> T with(Work<T> work) throws Exception {
        try (Connection connection = bed.tables().connect();
                KafkaSide kafka = new KafkaSide(bed.config())) {
            return work.on(connection, kafka);
        }
    }

    /** Begins one from the live one's log. */
    Generation startFromLog() throws Exception {
        return with((connection, kafka) -> new Replay(bed.config(), connection).start());
    }

    /** Begins one from a snapshot of the source. */
    Generation startFromSource(boolean goesLive) throws Exception {
        return with((connection, kafka) ->
                new Replay(bed.config(), connection).startFromSource(goesLive, connection, kafka));
    }

    /** Returns when what is being built, whatever its number is by now, holds every user. */
    Generation awaitComplete() throws Exception {
        bed.patience(BUILD).until("the end of the build", LOOK, this::isComplete);
        return building().orElseThrow();
    }

    /** Whether what is being built holds every user; false where the server is away. */
    boolean isComplete() {
        Activation activation = new Activation(bed.names(), bed.config().catalogue());
        try (Connection connection = bed.tables().connect()) {
            Optional<Generation> building = building(connection);
            return building.isPresent()
                    && activation
                            .obstacle(connection, building.get())
                            .filter(obstacle -> !obstacle.isComplete())
                            .isEmpty();
        } catch (SQLException e) {
            return false;
        }
    }

    /** What is being built, whatever its number is by now; empty also where the server is away. */
    Optional<Generation> building() {
        try (Connection connection = bed.tables().connect()) {
            return building(connection);
        } catch (SQLException e) {
            return Optional.empty();
        }
    }

    private static Optional<Generation> building(Connection connection) throws SQLException {
        return new Generations(connection)
                .allIfAny().stream()
                        .filter(Generation::isReplayBuilding)
                        .max(Comparator.comparingInt(Generation::number));
    }

    /** Returns when what was begun in place of all that there was is live. */
    void awaitLive(Generation begun) throws Exception {
        bed.patience(BUILD).until("a live generation from " + begun.number() + " on", LOOK, () -> {
            try (Connection connection = bed.tables().connect()) {
                return new Generations(connection)
                        .live()
                        .filter(live -> live.number() >= begun.number())
                        .isPresent();
            } catch (SQLException e) {
                return false;
            }
        });
    }

    /** Turns readers to it. */
    void swapTo(Generation complete) throws Exception {
        with((connection, kafka) -> new Turn(bed.config(), connection, bed.time()).to(complete, TURN));
    }

    /** Removes all that readers do not see and that is not being built. */
    void dropOthers() throws Exception {
        with((connection, kafka) -> {
            Drop drop = new Drop(bed.config(), connection, kafka, bed.time());
            List<Generation> others = new Generations(connection)
                    .allIfAny().stream()
                            .filter(one -> one.state() == GenerationState.STANDBY
                                    || one.state() == GenerationState.ABANDONED
                                    || (one.state() == GenerationState.DROPPED && !Drop.isRemoved(one)))
                            .toList();
            for (Generation other : others) {
                drop.run(other, DROP);
            }
            return others.size();
        });
    }

    /** What an operator does about a build that has been left over: lets it end, turns readers to it, and removes the rest. */
    void finish() throws Exception {
        swapTo(awaitComplete());
        dropOthers();
    }
}
