package dev.freshet.runtime.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.freshet.runtime.jdbc.Transaction;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Names;

/**
 * The register of generations, over one connection to the target; unqualified names are looked up in its schema. Changes
 * of the register are serialised over all processes; reading never waits for them. What a generation is made from and computes, {@link
 * Bindings} know.
 */
public final class Generations {
    /** Readers go on, writers queue: what is read below it stays true until the transaction's end. */
    private static final String LOCK = "LOCK TABLE " + Names.GENERATIONS + " IN SHARE ROW EXCLUSIVE MODE";

    /** What an operator does where the live generation cannot be gone on with, whichever process says so. */
    public static final String REBUILD =
            "Rebuild the table from the source: freshet replay start --from-source --go-live;"
                    + " then start what has ended.";

    private final Connection connection;
    private final GenerationRows rows;

    public Generations(Connection connection) {
        this.connection = connection;
        rows = new GenerationRows(connection);
    }

    /**
     * Creates the register if it is missing, and adds what an older one lacks. Safe to run by many at once.
     *
     * @throws Stop.Operator as {@link #requireSchema}
     */
    public void createTable() throws SQLException {
        RegisterTables.create(connection);
    }

    /**
     * Whether the register can be in the target's schema; asks only.
     *
     * @throws Stop.Operator if that is missing, or the register is and may not be created
     */
    public void requireSchema() throws SQLException {
        RegisterTables.requireSchema(connection);
    }

    /**
     * Begins the next generation on a log of its own, in a transaction of its own. It becomes live by itself.
     *
     * @param newestSeen the number of the newest one that the caller knows, 0 for none: of two callers who saw the same,
     *     one succeeds
     * @throws Stop.Restart if there is a newer one
     */
    public Generation allocate(int newestSeen, int partitions, String systemIdentifier) throws SQLException {
        return allocate(newestSeen, newestSeen, partitions, systemIdentifier);
    }

    /**
     * As {@link #allocate(int, int, String)}, with a number above one that is not in the register and was used all the same.
     *
     * @param used that number
     */
    public Generation allocate(int newestSeen, int used, int partitions, String systemIdentifier) throws SQLException {
        return Transaction.run(connection, statement -> {
            statement.execute(LOCK);
            int newest = newest().map(Generation::number).orElse(0);
            if (newest != newestSeen) {
                throw new Stop.Restart("another process began generation " + newest + " meanwhile");
            }
            return insertOnNewLog(used, partitions, systemIdentifier, true);
        });
    }

    /**
     * Begins the next generation beside the live one and from its log, in a transaction of its own. It becomes live only by a
     * swap.
     *
     * @throws Stop.Operator if none is live, or one is building
     */
    public Generation allocateReplay() throws SQLException {
        return Transaction.run(connection, statement -> {
            statement.execute(LOCK);
            Generation live = requireReplayable();
            int number = newest().orElse(live).number() + 1;
            return rows.insert(new Generation(number, GenerationState.BUILDING, 0, live.log(), false, ""));
        });
    }

    /**
     * The same on a log of its own, which ingest begins with a snapshot of the source and feeds beside the others.
     *
     * @param used as for {@link #allocate(int, int, int, String)}
     * @throws Stop.Operator if none is live, or one is building
     */
    public Generation allocateReplayFromSource(int used, int partitions, String systemIdentifier) throws SQLException {
        return Transaction.run(connection, statement -> {
            statement.execute(LOCK);
            requireReplayable();
            return insertOnNewLog(used, partitions, systemIdentifier, false);
        });
    }

    /**
     * Begins the next generation on a log of its own, whatever there is, in a transaction of its own: for when the live one cannot be
     * gone on with. It becomes live by itself, and what else is building is given up.
     *
     * @param used as for {@link #allocate(int, int, int, String)}
     */
    public Generation allocateInPlaceOfAll(int used, int partitions, String systemIdentifier) throws SQLException {
        return Transaction.run(connection, statement -> {
            statement.execute(LOCK);
            Generation next = insertOnNewLog(used, partitions, systemIdentifier, true);
            for (Generation building : rows.select("WHERE state = 'building' AND generation < " + next.number())) {
                rows.set(
                        building.number(),
                        GenerationState.ABANDONED,
                        "generation " + next.number() + " is built in its place");
            }
            return next;
        });
    }

    /**
     * Gives up one that is building on a log of its own, and begins one in its place that becomes live as it would have, in one
     * transaction.
     *
     * @param used as for {@link #allocate(int, int, int, String)}
     * @throws Stop.Restart if it is not building any more
     */
    public Generation replace(int number, String why, int used, int partitions, String systemIdentifier)
            throws SQLException {
        return Transaction.run(connection, statement -> {
            statement.execute(LOCK);
            requireState(number, GenerationState.BUILDING);
            rows.set(number, GenerationState.ABANDONED, why);
            boolean livesByItself = find(number).orElseThrow().livesByItself();
            return insertOnNewLog(used, partitions, systemIdentifier, livesByItself);
        });
    }

    private Generation insertOnNewLog(int used, int partitions, String systemIdentifier, boolean livesByItself)
            throws SQLException {
        int newest = newest().map(Generation::number).orElse(0);
        Generation.Log log = new Generation.Log(Math.max(newest, used) + 1, partitions, systemIdentifier);
        return rows.insert(new Generation(log.number(), GenerationState.BUILDING, 0, log, livesByItself, ""));
    }

    private Generation requireReplayable() throws SQLException {
        Optional<Generation> building = rows.select("WHERE state = 'building' ORDER BY generation").stream()
                .findFirst();
        if (building.isPresent()) {
            throw new Stop.Operator(
                    "generation " + building.get().number() + " is being built already",
                    "Wait for it (freshet replay status --watch), or give it up: freshet replay drop "
                            + building.get().number() + " --yes");
        }
        requireNoErasure();
        return live().orElseThrow(() -> new Stop.Operator(
                "there is no live generation that another one could be built beside",
                "Start ingest, streams and sink: they build the first one"));
    }

    private void requireNoErasure() throws SQLException {
        if (!new ErasureRegister(connection).unfinished().isEmpty()) {
            throw new Stop.Operator(
                    "a user is being erased, or that was interrupted: the log does not keep what a build needs",
                    "Wait for its end, or run it again (freshet erase), or end it (freshet doctor --fix)");
        }
    }

    /** The one with the highest number, whatever its state. */
    public Optional<Generation> newest() throws SQLException {
        return rows.select("ORDER BY generation DESC LIMIT 1").stream().findFirst();
    }

    /** The one that readers see. */
    public Optional<Generation> live() throws SQLException {
        return rows.select("WHERE state = 'live'").stream().findFirst();
    }

    /** All, oldest first; none also if there is no register, or no schema that it could be in. */
    public List<Generation> allIfAny() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT to_regclass('" + Names.GENERATIONS + "') IS NOT NULL")) {
            row.next();
            return row.getBoolean(1) ? rows.select("ORDER BY generation") : List.of();
        }
    }

    /** Those that changes flow into: building, live and standby, oldest first. */
    public List<Generation> active() throws SQLException {
        return rows.select("WHERE state IN ('building', 'live', 'standby') ORDER BY generation");
    }

    /** The change logs that these read: what is asked of ingest has to be asked for each. Oldest first. */
    public List<Integer> fedLogs() throws SQLException {
        return active().stream()
                .map(one -> one.log().number())
                .sorted()
                .distinct()
                .toList();
    }

    /** Whether the replay that is being built, if there is one, holds every user. */
    public boolean isReplayComplete(List<Generation> active) throws SQLException {
        for (Generation one : active) {
            if (one.isReplayBuilding()) {
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("SELECT count(*) >= %d FROM %s WHERE generation = %d"
                                .formatted(one.partitions(), Names.WATERMARKS, one.number()))) {
                    row.next();
                    return row.getBoolean(1);
                }
            }
        }
        return false;
    }

    /** By its number. */
    public Optional<Generation> find(int number) throws SQLException {
        return rows.select("WHERE generation = " + number).stream().findFirst();
    }

    /**
     * Makes it the one that readers see, and the one that was, standby: in the caller's transaction, which replaces the
     * readers' views too. One that lives by itself, from another log, was begun because the log before it could not be gone on
     * with: whatever reads that one is given up.
     *
     * @return it, with its new epoch: one more than any before
     * @throws Stop.Restart if it is neither building nor standby
     */
    public Generation activate(int number) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalStateException("the views have to change in the same transaction");
        }
        lock();
        try (Statement statement = connection.createStatement()) {
            requireState(number, GenerationState.BUILDING, GenerationState.STANDBY);
            abandonLogBefore(number);
            statement.executeUpdate("UPDATE " + Names.GENERATIONS + " SET state = 'standby' WHERE state = 'live'");
            statement.executeUpdate("""
                    WITH turned AS (
                        UPDATE %1$s SET state = 'live', live_at = clock_timestamp(),
                            epoch = (SELECT max(epoch) + 1
                                FROM (SELECT epoch FROM %1$s UNION ALL SELECT epoch FROM %3$s) AS had)
                        WHERE generation = %2$d RETURNING epoch, generation, live_at)
                    INSERT INTO %3$s (epoch, generation, live_from) SELECT epoch, generation, live_at FROM turned""".formatted(Names.GENERATIONS, number, Names.EPOCHS));
        }
        return find(number).orElseThrow();
    }

    private void abandonLogBefore(int number) throws SQLException {
        Generation next = find(number).orElseThrow();
        Optional<Generation> live = live();
        if (live.isEmpty() || !next.livesByItself() || next.state() != GenerationState.BUILDING) {
            return;
        }
        int dead = live.get().log().number();
        for (Generation one : active()) {
            if (one.log().number() == dead && dead != next.log().number()) {
                rows.set(
                        one.number(),
                        GenerationState.ABANDONED,
                        "its change log is fed no more since generation " + number);
            }
        }
    }

    /** Keeps the register as it is until the end of the caller's transaction; reading goes on. */
    void lock() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(LOCK);
        }
    }

    /** Gives up one that nobody read yet, in a transaction of its own. */
    public void abandon(int number, String why) throws SQLException {
        change(number, GenerationState.ABANDONED, why, GenerationState.BUILDING);
    }

    /**
     * Gives up a replay, in a transaction of its own.
     *
     * @return whether it was being built until now: somebody else may have been faster
     */
    public boolean abandonReplay(int number, String why) throws SQLException {
        return abandonReplays("generation = " + number, why);
    }

    /**
     * Gives up replays that are not complete so long after they were begun, in a transaction of its own.
     *
     * @return whether there were any
     */
    public boolean abandonReplaysOlderThan(Duration limit, String why) throws SQLException {
        return abandonReplays("""
                created_at < now() - make_interval(secs => %s)
                    AND partitions > (SELECT count(*) FROM %s AS w WHERE w.generation = g.generation)""".formatted(Long.toString(limit.toSeconds()), Names.WATERMARKS), why);
    }

    private boolean abandonReplays(String which, String why) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("""
                UPDATE %s AS g SET state = 'abandoned', note = ?
                WHERE state = 'building' AND NOT lives_by_itself AND %s""".formatted(Names.GENERATIONS, which))) {
            update.setString(1, why);
            return update.executeUpdate() > 0;
        }
    }

    /**
     * Notes that it is fed no more, in a transaction of its own; the caller may then remove what it consists of, and note
     * that it has.
     */
    public void drop(int number, String why) throws SQLException {
        change(
                number,
                GenerationState.DROPPED,
                why,
                GenerationState.STANDBY,
                GenerationState.ABANDONED,
                GenerationState.DROPPED);
    }

    private void change(int number, GenerationState to, String why, GenerationState... from) throws SQLException {
        Transaction.run(connection, statement -> {
            statement.execute(LOCK);
            requireState(number, from);
            rows.set(number, to, why);
            return true;
        });
    }

    private void requireState(int number, GenerationState... expected) throws SQLException {
        Generation generation = find(number)
                .orElseThrow(() -> new IllegalStateException("generation " + number + " is not in the register"));
        if (!List.of(expected).contains(generation.state())) {
            throw new Stop.Restart("generation " + number + " is "
                    + generation.state().text() + " by now, and the step is not from there: somebody else was faster");
        }
    }
}
