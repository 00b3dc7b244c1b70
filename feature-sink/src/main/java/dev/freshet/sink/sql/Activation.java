package dev.freshet.sink.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.jdbc.Transaction;
import dev.freshet.schemas.Names;

/** Turns readers to a generation once it is complete, and at least as complete as the one that they see. */
public final class Activation {
    private static final Logger log = LoggerFactory.getLogger(Activation.class);

    /** Every partition has a watermark, so its snapshot is written; and complete_through does not fall. */
    private static final String IS_COMPLETE = """
            SELECT count(*) = ?, coalesce(min(lsn) >= (SELECT min(l.lsn) FROM %1$s AS l WHERE l.generation = ?), true)
            FROM %1$s WHERE generation = ?""".formatted(Names.WATERMARKS);

    private static final int NONE = 0;

    private final FeatureColumns columns;
    private int heldBack = NONE;

    public Activation(FeatureColumns columns) {
        this.columns = columns;
    }

    /**
     * One transaction that either changes register and views or nothing; gives way to readers after 100 ms.
     *
     * @return the generation as it is now, if this made it live
     * @throws SQLException also when a lock could not be had in time: try again
     */
    public Optional<Generation> activateIfComplete(Connection connection, GenerationTarget target) throws SQLException {
        Generations generations = new Generations(connection);
        if (!isComplete(connection, generations, target)) {
            return Optional.empty();
        }
        return Transaction.ofDdl(connection, statement -> {
            statement.execute("SET LOCAL lock_timeout = '100ms'");
            boolean isStillBuilding = generations
                    .find(target.generation())
                    .filter(generation -> generation.state() == GenerationState.BUILDING)
                    .isPresent();
            return isStillBuilding ? Optional.of(activate(statement, generations, target)) : Optional.empty();
        });
    }

    private Generation activate(Statement statement, Generations generations, GenerationTarget target)
            throws SQLException {
        Generation live = generations.activate(target.generation());
        for (String view : ReaderViews.over(target, columns, live.epoch())) {
            statement.execute(view);
        }
        return live;
    }

    private boolean isComplete(Connection connection, Generations generations, GenerationTarget target)
            throws SQLException {
        Optional<Generation> building = generations.find(target.generation());
        // An LSN of another source says nothing about this one's.
        int comparable = generations
                .live()
                .filter(live -> building.isPresent()
                        && live.systemIdentifier().equals(building.get().systemIdentifier()))
                .map(Generation::number)
                .orElse(NONE);
        try (PreparedStatement query = connection.prepareStatement(IS_COMPLETE)) {
            query.setInt(1, target.partitions());
            query.setInt(2, comparable);
            query.setInt(3, target.generation());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                boolean isWritten = row.getBoolean(1);
                boolean isBehind = !row.getBoolean(2);
                int held = isWritten && isBehind ? target.generation() : NONE;
                if (held != NONE && held != heldBack) {
                    log.info("complete but not live yet: behind the live one generation={} live={}", held, comparable);
                }
                heldBack = held;
                return isWritten && !isBehind;
            }
        }
    }
}
