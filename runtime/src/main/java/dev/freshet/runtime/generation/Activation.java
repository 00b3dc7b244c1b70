package dev.freshet.runtime.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

import dev.freshet.runtime.jdbc.Transaction;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.catalogue.Catalogue;

/** Turns readers to a generation once it is complete, and at least as complete as the one that they see. */
public final class Activation {
    /** Every partition has a watermark, so its first rows are written; and how far both are. */
    private static final String HOW_FAR = """
            SELECT n.partitions, n.lsn, n.lsn < l.lsn OR n.source_time < l.source_time, l.lsn
            FROM (SELECT count(*) AS partitions, min(lsn) AS lsn, min(source_time) AS source_time
                  FROM %1$s WHERE generation = ?) AS n
            CROSS JOIN (SELECT min(lsn) AS lsn, min(source_time) AS source_time
                  FROM %1$s WHERE generation = ?) AS l""".formatted(Names.WATERMARKS);

    private static final int NONE = 0;

    private final ReaderViews views;

    public Activation(Names names, Catalogue catalogue) {
        views = new ReaderViews(names, catalogue);
    }

    /**
     * What keeps it from being turned to.
     *
     * @param isComplete whether it holds every user; if so, it is only behind the one that readers see
     * @param reason for a person
     */
    public record Obstacle(boolean isComplete, String reason) {}

    /** What keeps the generation from being live now; empty if nothing does. Changes nothing. */
    public Optional<Obstacle> obstacle(Connection connection, Generation generation) throws SQLException {
        // An LSN of another source says nothing about this one's.
        int comparable = new Generations(connection)
                .live()
                .filter(live -> live.systemIdentifier().equals(generation.systemIdentifier()))
                .map(Generation::number)
                .orElse(NONE);
        return obstacle(connection, generation, comparable);
    }

    private static Optional<Obstacle> obstacle(Connection connection, Generation generation, int live)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(HOW_FAR)) {
            query.setInt(1, generation.number());
            query.setInt(2, live);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                if (row.getInt(1) < generation.partitions()) {
                    return Optional.of(new Obstacle(
                            false,
                            row.getInt(1) + " of " + generation.partitions() + " partitions of generation "
                                    + generation.number() + " are complete"));
                }
                boolean isBehind = row.getBoolean(3);
                return isBehind
                        ? Optional.of(new Obstacle(
                                true,
                                "generation " + generation.number() + " is complete through " + row.getString(2)
                                        + ", behind generation " + live + ", which readers see, at "
                                        + row.getString(4)))
                        : Optional.empty();
            }
        }
    }

    /**
     * One transaction that either changes register and views or nothing; gives way to readers after 100 ms. How complete the
     * generation is, is held against what readers can have seen, for they are shut out by then: ask for the obstacle first.
     *
     * @param from the state that it has to be in
     * @return the generation as it is now, if this made it live; empty if it is not in that state, not complete, or behind
     * @throws SQLException also when a lock could not be had in time: try again
     */
    public Optional<Generation> activate(Connection connection, int number, GenerationState from) throws SQLException {
        try {
            return Optional.of(Transaction.ofDdl(connection, statement -> {
                statement.execute("SET LOCAL lock_timeout = '100ms'");
                return activate(connection, statement, number, from);
            }));
        } catch (NotNowException e) {
            return Optional.empty();
        }
    }

    private Generation activate(Connection connection, Statement statement, int number, GenerationState from)
            throws SQLException {
        Generations generations = new Generations(connection);
        generations.lock();
        int before = generations.live().map(Generation::number).orElse(NONE);
        if (generations.find(number).filter(one -> one.state() == from).isEmpty()) {
            throw new NotNowException();
        }
        Generation live = generations.activate(number);
        for (String view : views.over(live)) {
            statement.execute(view);
        }
        int comparable = generations
                .find(before)
                .filter(one -> one.systemIdentifier().equals(live.systemIdentifier()))
                .map(Generation::number)
                .orElse(NONE);
        if (obstacle(connection, live, comparable).isPresent()) {
            throw new NotNowException();
        }
        stampEpoch(statement, live);
        return live;
    }

    /** It begins now: readers are shut out of what they saw before, so that nobody sees that later. */
    private static void stampEpoch(Statement statement, Generation live) throws SQLException {
        statement.executeUpdate("""
                WITH stamped AS (UPDATE %s SET live_at = clock_timestamp() WHERE generation = %d RETURNING live_at)
                UPDATE %s SET live_from = live_at FROM stamped WHERE epoch = %d""".formatted(Names.GENERATIONS, live.number(), Names.EPOCHS, live.epoch()));
    }

    /** Rolls the transaction back. */
    private static final class NotNowException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
