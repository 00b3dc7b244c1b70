package dev.freshet.ingest;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.ingest.capture.TableDefinitions;
import dev.freshet.runtime.config.ConfigException;
import dev.freshet.runtime.config.Fault;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Bindings;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.DatabaseSession;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.lifecycle.Quoted;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.record.IngestPosition;

/** What ingest knows of the register of generations, and changes in it. For several threads, {@link #fedLogs} for one at a time. */
final class GenerationChoice implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GenerationChoice.class);

    /** How often a replay is begun in place of one whose snapshot was not completed. */
    private static final int MOST_IN_PLACE = 2;

    /** Of the note of one in whose place another one was begun. */
    private static final String AGAIN = ": it was begun again";

    private final FreshetConfig config;
    private final IngestPosition.Source cluster;
    private final Database target;
    private final DatabaseSession register;
    private volatile int newestOfBrokers;
    private List<Generation> seen = List.of();
    private boolean isBlind;

    /** @param cluster the source that is read now, which need not be the one that a generation was made from */
    GenerationChoice(FreshetConfig config, IngestPosition.Source cluster) {
        this.config = config;
        this.cluster = cluster;
        target = new Database(config.target().login(), config.target().schema(), "freshet-ingest", Timeouts.standard());
        register = new DatabaseSession(target, connection -> {});
    }

    /**
     * Asks only: whoever finds out that nothing can be kept there has changed nothing yet.
     *
     * @throws Stop.Operator if the register of generations cannot be in the target's schema
     */
    void requireTarget() throws SQLException {
        try (Connection connection = target.open()) {
            new Generations(connection).requireSchema();
        }
    }

    /**
     * Holds the newest position of all that this deployment's name has on the broker against our source; asks only.
     *
     * @throws ConfigException if it is another deployment's, which may be running
     * @throws Stop.Operator if it is ours, and the source is another one now
     */
    void requireOurs(Optional<IngestPosition> newest) throws SQLException {
        if (newest.isEmpty() || newest.get().source().equals(cluster)) {
            return;
        }
        IngestPosition last = newest.get();
        List<Generation> known = known();
        if (known.stream().anyMatch(generation -> isBegunSince(last, generation))) {
            return;
        }
        Optional<Generation> made = known.stream()
                .filter(generation -> generation.number() == last.generation()
                        && generation.systemIdentifier().equals(last.source().systemIdentifier()))
                .findFirst();
        if (made.isPresent()) {
            throw new Stop.Operator(
                    "generation " + last.generation() + " cannot be resumed: "
                            + StartDecision.otherSource(last, cluster),
                    Generations.REBUILD);
        }
        throw new ConfigException(new Fault(
                "name",
                config.names().prefix(),
                "topic " + config.names().positions() + " is another deployment's: "
                        + StartDecision.otherSource(last, cluster) + ", and the target's schema "
                        + config.target().schema() + " knows nothing of it: choose another name"));
    }

    /**
     * Holds the register against the generations that the brokers have topics of; asks only.
     *
     * @param ofBrokers the newest of these
     * @throws Stop.Operator if the register has generations, and does not go so far
     */
    void requireRegister(int ofBrokers) throws SQLException {
        newestOfBrokers = ofBrokers;
        Optional<Generation> newest = known().stream().max(Comparator.comparingInt(Generation::number));
        if (newest.isPresent() && newest.get().number() < ofBrokers) {
            throw new Stop.Operator(
                    "the brokers have topics of generation " + ofBrokers + ", and the register in the target ends at "
                            + newest.get().number() + ": it was restored from a backup that is older",
                    Generations.REBUILD);
        }
    }

    /** An operator has begun it, to have the new source read. */
    private boolean isBegunSince(IngestPosition last, Generation generation) {
        return generation.number() > last.generation()
                && generation.state().isFed()
                && generation.systemIdentifier().equals(cluster.systemIdentifier());
    }

    private List<Generation> known() throws SQLException {
        try (Connection connection = target.open()) {
            return new Generations(connection).allIfAny();
        }
    }

    /** Begins a log where there is none that is fed. */
    void beginIfNone() throws SQLException {
        try (Connection connection = target.open()) {
            Generations generations = new Generations(connection);
            generations.createTable();
            if (generations.active().isEmpty()) {
                int newest = generations.newest().map(Generation::number).orElse(0);
                begun(
                        connection,
                        generations.allocate(
                                newest, newestOfBrokers, config.kafka().partitions(), cluster.systemIdentifier()));
            }
        }
    }

    /**
     * The logs to feed, oldest first. One that was among them stays until the register says that nobody reads it any more: that the
     * target lacks the register, as while it is being restored, is no reason to end a log.
     */
    List<Generation> fedLogs() throws SQLException {
        List<Generation> known = new Generations(register.connection()).allIfAny();
        List<Generation> logs = new ArrayList<>(FedLogs.of(
                known.stream().filter(generation -> generation.state().isFed()).toList()));
        Set<Integer> told = Stream.concat(known.stream(), logs.stream())
                .map(Generation::number)
                .collect(Collectors.toSet());
        seen.stream().filter(log -> !told.contains(log.number())).forEach(logs::add);
        logs.sort(Comparator.comparingInt(Generation::number));
        seen = List.copyOf(logs);
        return seen;
    }

    /** The same; as they were where the target does not answer, which keeps no log from being fed. */
    List<Generation> fedLogsIfTold() {
        try {
            List<Generation> logs = fedLogs();
            if (isBlind) {
                log.info("the register of generations is back");
            }
            isBlind = false;
            return logs;
        } catch (SQLException e) {
            register.close();
            if (!isBlind) {
                log.warn("cannot look at the register of generations, and try again reason={}", Quoted.of(e));
            }
            isBlind = true;
            return seen;
        }
    }

    /**
     * Gives up the generation that this log was begun for, which nobody reads yet, and begins one that is to be like it. A replay is
     * not begun for ever: each of them reads all of the source.
     */
    void replace(Generation given, String reason) throws SQLException {
        try (Connection connection = target.open()) {
            Generations generations = new Generations(connection);
            int before = inARow(generations.allIfAny(), given.number());
            if (given.isReplayBuilding() && before >= MOST_IN_PLACE) {
                generations.abandon(given.number(), reason + ", " + (before + 1) + " times: it is not begun again");
            } else {
                begun(
                        connection,
                        generations.replace(
                                given.number(),
                                reason + AGAIN,
                                newestOfBrokers,
                                config.kafka().partitions(),
                                cluster.systemIdentifier()));
            }
        }
    }

    /** How many right before this one were replaced by the next: a replay that somebody began anew counts from 0. */
    private static int inARow(List<Generation> all, int number) {
        Set<Integer> replaced = all.stream()
                .filter(one ->
                        one.state() == GenerationState.ABANDONED && one.note().endsWith(AGAIN))
                .map(Generation::number)
                .collect(Collectors.toSet());
        int count = 0;
        while (replaced.contains(number - count - 1)) {
            count++;
        }
        return count;
    }

    /** {@link #giveUp(Database, int, String)} */
    boolean giveUp(int number, String reason) throws SQLException {
        return giveUp(target, number, reason);
    }

    /**
     * Gives up a replay that is being built on this log, if one is.
     *
     * @return whether nobody depends on the log: one was, or nothing reads it any more
     */
    static boolean giveUp(Database target, int number, String reason) throws SQLException {
        try (Connection connection = target.open()) {
            Generations generations = new Generations(connection);
            Optional<Generation> first = generations.find(number);
            if (first.filter(Generation::isReplayBuilding).isPresent()) {
                generations.abandon(number, reason);
                log.warn("gave up generation={} reason={}", number, Quoted.of(reason));
                return true;
            }
            return first.isPresent()
                    && generations.active().stream().noneMatch(one -> one.log().number() == number);
        }
    }

    private void begun(Connection connection, Generation next) throws SQLException {
        new Bindings(connection).bind(next.number(), config.definition());
        log.info("beginning generation={}", next.number());
    }

    /** @throws Stop.Operator if the log was begun for other features or tables */
    void bind(Generation fed) throws SQLException {
        try (Connection connection = target.open()) {
            new Bindings(connection).bind(fed.number(), config.definition());
        }
    }

    /** Whether an ingest has begun to read the tables for it. */
    boolean isBegun(Generation generation) throws SQLException {
        try (Connection connection = target.open()) {
            return new Bindings(connection).sourceTables(generation.number()).isPresent();
        }
    }

    /** Notes what the tables are that a generation is begun from. */
    void beginFrom(Generation generation, TableDefinitions now) throws SQLException {
        try (Connection connection = target.open()) {
            new Bindings(connection).setSourceTables(generation.number(), now.text());
        }
    }

    /**
     * Holds the tables against those that the generation was begun from.
     *
     * @throws Stop.Operator if they have changed since: an ALTER TABLE rewrites rows that the log has, and tells nobody
     */
    void requireTables(Generation generation, TableDefinitions now) throws SQLException {
        Optional<TableDefinitions> begun;
        try (Connection connection = target.open()) {
            begun = new Bindings(connection).sourceTables(generation.number()).map(TableDefinitions::new);
        }
        if (begun.isPresent() && !begun.get().equals(now)) {
            throw new Stop.Operator(
                    "the tables were changed while nobody read them: "
                            + begun.get().difference(now),
                    Generations.REBUILD);
        }
    }

    @Override
    public void close() {
        register.close();
    }
}
