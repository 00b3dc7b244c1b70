package dev.freshet.runtime.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;

import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Names;

/** What generations are bound to for good, as the register has it: what each computes, from what. Over one connection to the target. */
public final class Bindings {
    private final Connection connection;
    private final GenerationRows rows;

    public Bindings(Connection connection) {
        this.connection = connection;
        rows = new GenerationRows(connection);
    }

    /**
     * Binds a generation to what it computes from what: the first to ask sets it for good.
     *
     * @param definition {@link dev.freshet.runtime.config.FreshetConfig#definition()}
     * @throws Stop.Operator if it was begun with another one: state kept for other features would be misread
     */
    public void bind(int number, String definition) throws SQLException {
        try (PreparedStatement bind = connection.prepareStatement(
                "UPDATE " + Names.GENERATIONS + " SET definition = ? WHERE generation = ? AND definition IS NULL")) {
            bind.setString(1, definition);
            bind.setInt(2, number);
            bind.executeUpdate();
        }
        Optional<String> bound = definition(number).filter(other -> !other.equals(definition));
        if (bound.isPresent()) {
            throw new Stop.Operator(
                    "generation " + number + " was begun with other features or source tables: it has [" + bound.get()
                            + "], the configuration [" + definition + "]",
                    "Go back to that configuration, or begin a new generation; other features need a target.schema "
                            + "and a name of their own");
        }
    }

    /** What it computes from what; empty before it is bound. */
    public Optional<String> definition(int number) throws SQLException {
        return rows.text(number, "definition");
    }

    /** What ingest found the source's tables to be when it began the generation; empty before it has. */
    public Optional<String> sourceTables(int number) throws SQLException {
        return rows.text(number, "source_tables");
    }

    /** Notes it. */
    public void setSourceTables(int number, String tables) throws SQLException {
        rows.set(number, "source_tables", tables);
    }
}
