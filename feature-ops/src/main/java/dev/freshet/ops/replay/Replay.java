package dev.freshet.ops.replay;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Bindings;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.kafka.KnownGenerations;
import dev.freshet.runtime.lifecycle.Stop;

/** Which generation a replay's commands are about, and the beginning of one. Over one connection to the target. */
public final class Replay {
    private final FreshetConfig config;
    private final Generations generations;
    private final Bindings bindings;

    public Replay(FreshetConfig config, Connection target) {
        this.config = config;
        generations = new Generations(target);
        bindings = new Bindings(target);
    }

    /**
     * Has streams and sink build the next generation from the live one's change log. Nobody needs to stay for it.
     *
     * @throws Stop.Operator if none is live, one is building, or the configuration is another one's
     */
    public Generation start() throws SQLException {
        generations.createTable();
        // What would stop streams and sink as soon as they see the new one, is better told here.
        bindings.bind(live().number(), config.definition());
        Generation next = generations.allocateReplay();
        bindings.bind(next.number(), config.definition());
        return next;
    }

    /**
     * Has ingest read the source anew into a change log of its own, beside those that it feeds, and streams and sink build the next
     * generation from it. Nobody needs to stay for it.
     *
     * @param goesLive whether it becomes live by itself, in place of all that there is, which need not be in order; what else is
     *     building is given up. Else it is a replay
     * @param source asked only which one it is
     * @throws Stop.Operator of a replay: if none is live, one is building, or the configuration is another one's
     */
    public Generation startFromSource(boolean goesLive, Connection source, KafkaSide kafka)
            throws SQLException, InterruptedException {
        generations.createTable();
        int partitions = config.kafka().partitions();
        int used = KnownGenerations.newest(config.names(), kafka.topics());
        Generation next;
        if (goesLive) {
            next = generations.allocateInPlaceOfAll(used, partitions, systemIdentifier(source));
        } else {
            bindings.bind(live().number(), config.definition());
            next = generations.allocateReplayFromSource(used, partitions, systemIdentifier(source));
        }
        bindings.bind(next.number(), config.definition());
        return next;
    }

    private static String systemIdentifier(Connection source) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery("SELECT system_identifier::text FROM pg_control_system()")) {
            row.next();
            return row.getString(1);
        }
    }

    /** The one that readers see. */
    public Generation live() throws SQLException {
        return find(generation -> generation.state() == GenerationState.LIVE)
                .orElseThrow(() -> new Stop.Operator(
                        "no generation is live in schema " + config.target().schema(),
                        "Start ingest, streams and sink: they build the first one"));
    }

    /** The replay that is being built. */
    public Generation building() throws SQLException {
        return find(Generation::isReplayBuilding)
                .orElseThrow(() -> new Stop.Operator("no replay is being built", "Begin one: freshet replay start"));
    }

    /** What is being built: a replay, or what follows a log that could not be gone on with. */
    public Generation unfinished() throws SQLException {
        return find(generation -> generation.state() == GenerationState.BUILDING)
                .orElseThrow(() -> new Stop.Operator("nothing is being built", "Begin a replay: freshet replay start"));
    }

    /** What is being built since this one was given up, as ingest does when it was killed in a snapshot. */
    public Optional<Generation> builtAfter(int number) throws SQLException {
        return find(generation -> generation.number() > number && generation.state() == GenerationState.BUILDING);
    }

    /** The one that readers saw before, and would see again. */
    public Generation standby() throws SQLException {
        return find(generation -> generation.state() == GenerationState.STANDBY)
                .orElseThrow(() -> new Stop.Operator(
                        "there is no standby to go back to", "See what there is: freshet replay status"));
    }

    /**
     * The one to turn readers back to: what they saw before a swap.
     *
     * @throws Stop.Operator also if they were turned back already, for then it is the one that was turned away from
     */
    public Generation previous() throws SQLException {
        Generation standby = standby();
        Generation live = live();
        if (standby.number() > live.number()) {
            throw new Stop.Operator(
                    "readers have been turned back already: they see generation " + live.number() + ", and generation "
                            + standby.number() + " is the newer one",
                    "To turn to that one all the same: freshet replay rollback --to " + standby.number());
        }
        return standby;
    }

    /** The standby with this number. */
    public Generation standby(int number) throws SQLException {
        Generation generation = numbered(number);
        if (generation.state() != GenerationState.STANDBY) {
            throw new Stop.Operator(
                    "generation " + number + " is " + generation.state().text() + ", and no standby",
                    "See what there is: freshet replay status");
        }
        return generation;
    }

    /** The generation with this number. */
    public Generation numbered(int number) throws SQLException {
        return find(generation -> generation.number() == number)
                .orElseThrow(() -> new Stop.Operator(
                        "there is no generation " + number, "See what there is: freshet replay status"));
    }

    /** The only one that a drop can be about, where no number is given: of those that are fed, or else of those that were given up. */
    public Generation droppable() throws SQLException {
        List<Generation> all = generations.allIfAny().stream()
                .filter(generation -> generation.state() != GenerationState.LIVE && !Drop.isRemoved(generation))
                .toList();
        List<Generation> fed = all.stream().filter(one -> one.state().isFed()).toList();
        List<Generation> candidates = fed.isEmpty() ? all : fed;
        if (candidates.size() != 1) {
            throw new Stop.Operator(
                    candidates.isEmpty()
                            ? "there is nothing to drop"
                            : "there is more than one generation to drop: "
                                    + candidates.stream()
                                            .map(one -> Integer.toString(one.number()))
                                            .toList(),
                    "See what there is: freshet replay status; then name it: freshet replay drop N");
        }
        return candidates.get(0);
    }

    /** Of several the one that was live last, which has the highest epoch. */
    private Optional<Generation> find(Predicate<Generation> wanted) throws SQLException {
        return generations.allIfAny().stream().filter(wanted).max(Comparator.comparingInt(Generation::epoch));
    }
}
