package dev.freshet.ingest;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.ingest.capture.TableDefinitions;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.record.IngestPosition;

/** Which generation to feed: the newest that is built or read; if there is none, the next. */
final class GenerationChoice {
    private static final Logger log = LoggerFactory.getLogger(GenerationChoice.class);

    private final Database target;
    private final int partitions;
    private final String systemIdentifier;
    private final String definition;

    /**
     * @param partitions of a new one
     * @param definition what it computes from what
     */
    GenerationChoice(Database target, int partitions, String systemIdentifier, String definition) {
        this.target = target;
        this.partitions = partitions;
        this.systemIdentifier = systemIdentifier;
        this.definition = definition;
    }

    Generation current() throws SQLException {
        try (Connection connection = target.open()) {
            Generations generations = new Generations(connection);
            generations.createTable();
            Optional<Generation> fed = generations.active().stream().max(Comparator.comparingInt(Generation::number));
            if (fed.isEmpty()) {
                return next(generations);
            }
            generations.bind(fed.get().number(), definition);
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
        Generation next = generations.allocate(newest, partitions, systemIdentifier);
        generations.bind(next.number(), definition);
        log.info("beginning generation={}", next.number());
        return next;
    }

    /**
     * Notes what the tables are that a generation is begun from, or holds it against those that it was begun from.
     *
     * @throws Stop.Operator if they have changed since: an ALTER TABLE rewrites rows that the log has, and tells nobody
     */
    void requireTables(Generation generation, TableDefinitions now, boolean resumed) throws SQLException {
        try (Connection connection = target.open()) {
            Generations generations = new Generations(connection);
            Optional<TableDefinitions> begun = resumed
                    ? generations.sourceTables(generation.number()).map(TableDefinitions::new)
                    : Optional.empty();
            if (begun.isEmpty()) {
                generations.setSourceTables(generation.number(), now.text());
            } else if (!begun.get().equals(now)) {
                throw new Stop.Operator(
                        "the tables were changed while nobody read them: "
                                + begun.get().difference(now),
                        byHand(generation, generation.systemIdentifier()));
            }
        }
    }

    /**
     * What an operator runs to have the source read anew.
     *
     * @param source the cluster that is read now, which need not be the one that the generation was made from
     */
    static String byHand(Generation generation, IngestPosition.Source source) {
        return byHand(generation, source.systemIdentifier());
    }

    private static String byHand(Generation generation, String systemIdentifier) {
        return "To read the source anew, begin the next generation in the target: INSERT INTO " + Names.GENERATIONS
                + " (generation, state, partitions, source_system_identifier) VALUES (" + (generation.number() + 1)
                + ", 'building', " + generation.partitions() + ", '" + systemIdentifier
                + "'); and start ingest again.";
    }
}
