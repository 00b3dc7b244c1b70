package dev.freshet.ingest;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.jdbc.Database;
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
     * What an operator runs to have the source read anew.
     *
     * @param source the cluster that is read now, which need not be the one that the generation was made from
     */
    static String byHand(Generation generation, IngestPosition.Source source) {
        return "To read the source anew, begin the next generation in the target: INSERT INTO " + Names.GENERATIONS
                + " (generation, state, partitions, source_system_identifier) VALUES (" + (generation.number() + 1)
                + ", 'building', " + generation.partitions() + ", '" + source.systemIdentifier()
                + "'); and start ingest again.";
    }
}
