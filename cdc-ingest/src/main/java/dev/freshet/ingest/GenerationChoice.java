package dev.freshet.ingest;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.ingest.capture.Mapping;
import dev.freshet.ingest.capture.TableDefinitions;
import dev.freshet.runtime.config.ConfigException;
import dev.freshet.runtime.config.Fault;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.record.IngestPosition;

/** Which log to feed, named by the generation that it was begun for: the newest that is read; if there is none, the next. */
final class GenerationChoice {
    private static final Logger log = LoggerFactory.getLogger(GenerationChoice.class);

    private final FreshetConfig config;
    private final IngestPosition.Source cluster;
    private final Database target;
    private int newestOfBrokers;

    /** @param cluster the source that is read now, which need not be the one that a generation was made from */
    GenerationChoice(FreshetConfig config, IngestPosition.Source cluster) {
        this.config = config;
        this.cluster = cluster;
        target = new Database(config.target().login(), config.target().schema(), "freshet-ingest", Timeouts.standard());
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
                    byHand(made.get()));
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
                    byHand(newest.get()));
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

    /** The newest whose log is read, if there is one; asks only. */
    Optional<Generation> fed() throws SQLException {
        return fed(known());
    }

    private static Optional<Generation> fed(List<Generation> known) {
        return known.stream()
                .filter(generation -> generation.state().isFed())
                .map(generation -> generation.log().number())
                .max(Comparator.naturalOrder())
                .flatMap(log -> known.stream()
                        .filter(generation -> generation.number() == log)
                        .findFirst());
    }

    Generation current() throws SQLException {
        try (Connection connection = target.open()) {
            Generations generations = new Generations(connection);
            generations.createTable();
            Optional<Generation> fed = fed(generations.allIfAny());
            if (fed.isEmpty()) {
                return next(generations);
            }
            generations.bind(fed.get().number(), config.definition());
            return fed.get();
        }
    }

    /** Gives this one up if nobody reads it, and begins the next. */
    Generation after(Generation generation, String reason) throws SQLException {
        try (Connection connection = target.open()) {
            Generations generations = new Generations(connection);
            if (generation.state() == GenerationState.BUILDING) {
                generations.abandon(generation.number(), reason);
            }
            return next(generations);
        }
    }

    private Generation next(Generations generations) throws SQLException {
        int newest = generations.newest().map(Generation::number).orElse(0);
        Generation next =
                generations.allocate(newest, newestOfBrokers, config.kafka().partitions(), cluster.systemIdentifier());
        generations.bind(next.number(), config.definition());
        log.info("beginning generation={}", next.number());
        return next;
    }

    /** Whether an ingest has begun to read the tables for it. */
    boolean isBegun(Generation generation) throws SQLException {
        try (Connection connection = target.open()) {
            return new Generations(connection).sourceTables(generation.number()).isPresent();
        }
    }

    /** Notes what the tables are that a generation is begun from. */
    void beginFrom(Generation generation, TableDefinitions now) throws SQLException {
        try (Connection connection = target.open()) {
            new Generations(connection).setSourceTables(generation.number(), now.text());
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
            begun = new Generations(connection)
                    .sourceTables(generation.number())
                    .map(TableDefinitions::new);
        }
        if (begun.isPresent() && !begun.get().equals(now)) {
            throw new Stop.Operator(
                    "the tables were changed while nobody read them: "
                            + begun.get().difference(now),
                    byHand(generation));
        }
    }

    /** What an operator runs in the target to have the source read anew. */
    String byHand(Generation generation) {
        String register = Mapping.quote(config.target().schema()) + "." + Names.GENERATIONS;
        return "To read the source anew, begin the next generation in the target: INSERT INTO " + register
                + " (generation, state, partitions, source_system_identifier) VALUES ((SELECT greatest(max(generation), "
                + newestOfBrokers
                + ") + 1 FROM " + register + "), 'building', " + generation.partitions() + ", '"
                + cluster.systemIdentifier()
                + "'); and start ingest again.";
    }
}
