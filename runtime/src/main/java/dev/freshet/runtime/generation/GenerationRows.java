package dev.freshet.runtime.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.freshet.schemas.Names;

/** The rows of the register, read and written one by one; what may become of them {@link Generations} knows. */
final class GenerationRows {
    /** Also of a register that was made before it had all of these columns, and has not been altered yet. */
    private static final String SELECT = """
            SELECT generation, state, epoch, coalesce((to_jsonb(g) ->> 'log')::int, generation), partitions,
                source_system_identifier, coalesce((to_jsonb(g) ->> 'lives_by_itself')::boolean, true), note
            FROM %s AS g
            """.formatted(Names.GENERATIONS);

    private final Connection connection;

    GenerationRows(Connection connection) {
        this.connection = connection;
    }

    /** @param rest of the statement, behind its FROM */
    List<Generation> select(String rest) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SELECT + rest)) {
            List<Generation> generations = new ArrayList<>();
            while (rows.next()) {
                generations.add(new Generation(
                        rows.getInt(1),
                        GenerationState.ofText(rows.getString(2)),
                        rows.getInt(3),
                        new Generation.Log(rows.getInt(4), rows.getInt(5), rows.getString(6)),
                        rows.getBoolean(7),
                        rows.getString(8)));
            }
            return generations;
        }
    }

    Generation insert(Generation next) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + Names.GENERATIONS
                + " (generation, state, log, partitions, source_system_identifier, lives_by_itself)"
                + " VALUES (?, ?, ?, ?, ?, ?)")) {
            insert.setInt(1, next.number());
            insert.setString(2, next.state().text());
            insert.setInt(3, next.log().number());
            insert.setInt(4, next.partitions());
            insert.setString(5, next.systemIdentifier());
            insert.setBoolean(6, next.livesByItself());
            insert.executeUpdate();
        }
        return next;
    }

    void set(int number, GenerationState to, String why) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE " + Names.GENERATIONS + " SET state = ?, note = ? WHERE generation = ?")) {
            update.setString(1, to.text());
            update.setString(2, why);
            update.setInt(3, number);
            update.executeUpdate();
        }
    }

    /** What a column of text holds; empty for NULL, and for a generation that is not there. */
    Optional<String> text(int number, String column) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT " + column + " FROM " + Names.GENERATIONS + " WHERE generation = ?")) {
            select.setInt(1, number);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
            }
        }
    }

    /** Sets a column of text. */
    void set(int number, String column, String value) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE " + Names.GENERATIONS + " SET " + column + " = ? WHERE generation = ?")) {
            update.setString(1, value);
            update.setInt(2, number);
            update.executeUpdate();
        }
    }
}
