package dev.freshet.runtime.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.freshet.runtime.jdbc.Transaction;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Names;

/**
 * The register of generations, over one connection to the target; unqualified names are looked up in its schema. Changes
 * of the register are serialised over all processes; reading never waits for them.
 */
public final class Generations {
    private static final String SELECT = """
            SELECT generation, state, epoch, partitions, source_system_identifier, note FROM %s
            """.formatted(Names.GENERATIONS);

    /** Readers go on, writers queue: what is read below it stays true until the transaction's end. */
    private static final String LOCK = "LOCK TABLE " + Names.GENERATIONS + " IN SHARE ROW EXCLUSIVE MODE";

    private final Connection connection;

    public Generations(Connection connection) {
        this.connection = connection;
    }

    /**
     * Creates the register if it is missing. Safe to run by many at once.
     *
     * @throws Stop.Operator if the target's schema is missing
     */
    public void createTable() throws SQLException {
        requireSchema();
        Transaction.ofDdl(connection, statement -> statement.execute("""
                CREATE TABLE IF NOT EXISTS %s (
                    generation int PRIMARY KEY,
                    state text NOT NULL CHECK (state IN ('building', 'live', 'standby', 'abandoned', 'dropped')),
                    epoch int NOT NULL DEFAULT 0,
                    partitions int NOT NULL CHECK (partitions > 0),
                    source_system_identifier text NOT NULL,
                    note text NOT NULL DEFAULT '',
                    definition text,
                    source_tables text,
                    created_at timestamptz NOT NULL DEFAULT now(),
                    live_at timestamptz
                )""".formatted(Names.GENERATIONS)));
    }

    private void requireSchema() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT current_schema() IS NULL, current_setting('search_path'), current_database()")) {
            row.next();
            if (row.getBoolean(1)) {
                throw new Stop.Operator(
                        "schema " + row.getString(2) + " (target.schema) does not exist in database "
                                + row.getString(3),
                        "CREATE SCHEMA " + row.getString(2) + ";");
            }
        }
    }

    /**
     * Begins the next generation, in a transaction of its own.
     *
     * @param newestSeen the number of the newest one that the caller knows, 0 for none: of two callers who saw the same,
     *     one succeeds
     * @throws Stop.Restart if there is a newer one
     */
    public Generation allocate(int newestSeen, int partitions, String systemIdentifier) throws SQLException {
        return Transaction.run(connection, statement -> {
            statement.execute(LOCK);
            int newest = newest().map(Generation::number).orElse(0);
            if (newest != newestSeen) {
                throw new Stop.Restart("another process began generation " + newest + " meanwhile");
            }
            Generation next = new Generation(newest + 1, GenerationState.BUILDING, 0, partitions, systemIdentifier, "");
            insert(next);
            return next;
        });
    }

    /**
     * Binds a generation to what it computes from what: the first to ask sets it for good.
     *
     * @param definition {@link dev.freshet.runtime.config.FreshetConfig#definition()}
     * @throws Stop.Operator if it was begun with another one: state kept for other features would be misread
     */
    public void bind(int number, String definition) throws SQLException {
        try (PreparedStatement bind = connection.prepareStatement("UPDATE " + Names.GENERATIONS
                + " SET definition = coalesce(definition, ?) WHERE generation = ? RETURNING definition")) {
            bind.setString(1, definition);
            bind.setInt(2, number);
            try (ResultSet bound = bind.executeQuery()) {
                if (bound.next() && !definition.equals(bound.getString(1))) {
                    throw new Stop.Operator(
                            "generation " + number + " was begun with other features or source tables: it has ["
                                    + bound.getString(1) + "], the configuration [" + definition + "]",
                            "Go back to that configuration, or begin a new generation");
                }
            }
        }
    }

    /** What ingest found the source's tables to be when it began the generation; empty before it has. */
    public Optional<String> sourceTables(int number) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT source_tables FROM " + Names.GENERATIONS + " WHERE generation = ?")) {
            select.setInt(1, number);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
            }
        }
    }

    /** Notes it. */
    public void setSourceTables(int number, String tables) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE " + Names.GENERATIONS + " SET source_tables = ? WHERE generation = ?")) {
            update.setString(1, tables);
            update.setInt(2, number);
            update.executeUpdate();
        }
    }

    /** The one with the highest number, whatever its state. */
    public Optional<Generation> newest() throws SQLException {
        return select("ORDER BY generation DESC LIMIT 1").stream().findFirst();
    }

    /** The one that readers see. */
    public Optional<Generation> live() throws SQLException {
        return select("WHERE state = 'live'").stream().findFirst();
    }

    /** All, oldest first; none also if there is no register, or no schema that it could be in. */
    public List<Generation> allIfAny() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT to_regclass('" + Names.GENERATIONS + "') IS NOT NULL")) {
            row.next();
            return row.getBoolean(1) ? select("ORDER BY generation") : List.of();
        }
    }

    /** Those that changes flow into: building and live, oldest first. */
    public List<Generation> active() throws SQLException {
        return select("WHERE state IN ('building', 'live') ORDER BY generation");
    }

    /** By its number. */
    public Optional<Generation> find(int number) throws SQLException {
        return select("WHERE generation = " + number).stream().findFirst();
    }

    /**
     * Makes it the one that readers see, and the one that was, standby, which is fed no more: in the caller's transaction, which replaces the
     * readers' views too.
     *
     * @return it, with its new epoch: one more than any before
     * @throws IllegalStateException if it is neither building nor standby
     */
    public Generation activate(int number) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalStateException("the views have to change in the same transaction");
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(LOCK);
            requireState(number, GenerationState.BUILDING, GenerationState.STANDBY);
            statement.executeUpdate(
                    "UPDATE %s SET state = 'standby' WHERE state = 'live'".formatted(Names.GENERATIONS));
            statement.executeUpdate("""
                    UPDATE %1$s SET state = 'live', live_at = now(), epoch = (SELECT max(epoch) + 1 FROM %1$s)
                    WHERE generation = %2$d""".formatted(Names.GENERATIONS, number));
        }
        return find(number).orElseThrow();
    }

    /** Gives up one that nobody read yet, in a transaction of its own. */
    public void abandon(int number, String why) throws SQLException {
        change(number, GenerationState.ABANDONED, why, GenerationState.BUILDING);
    }

    /** Notes that it is fed no more, in a transaction of its own; the caller may then remove what it consists of. */
    public void drop(int number, String why) throws SQLException {
        change(number, GenerationState.DROPPED, why, GenerationState.STANDBY, GenerationState.ABANDONED);
    }

    private void change(int number, GenerationState to, String why, GenerationState... from) throws SQLException {
        Transaction.run(connection, statement -> {
            statement.execute(LOCK);
            requireState(number, from);
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE " + Names.GENERATIONS + " SET state = ?, note = ? WHERE generation = ?")) {
                update.setString(1, to.text());
                update.setString(2, why);
                update.setInt(3, number);
                return update.executeUpdate();
            }
        });
    }

    private void requireState(int number, GenerationState... expected) throws SQLException {
        Generation generation = find(number)
                .orElseThrow(() -> new IllegalStateException("generation " + number + " is not in the register"));
        if (!List.of(expected).contains(generation.state())) {
            throw new IllegalStateException(
                    "generation " + number + " is " + generation.state().text() + ", and the step is not from there");
        }
    }

    private void insert(Generation next) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + Names.GENERATIONS
                + " (generation, state, partitions, source_system_identifier) VALUES (?, ?, ?, ?)")) {
            insert.setInt(1, next.number());
            insert.setString(2, next.state().text());
            insert.setInt(3, next.partitions());
            insert.setString(4, next.systemIdentifier());
            insert.executeUpdate();
        }
    }

    private List<Generation> select(String rest) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SELECT + rest)) {
            List<Generation> generations = new ArrayList<>();
            while (rows.next()) {
                generations.add(new Generation(
                        rows.getInt(1),
                        GenerationState.ofText(rows.getString(2)),
                        rows.getInt(3),
                        rows.getInt(4),
                        rows.getString(5),
                        rows.getString(6)));
            }
            return generations;
        }
    }
}
