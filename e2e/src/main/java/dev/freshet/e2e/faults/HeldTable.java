package dev.freshet.e2e.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import dev.freshet.e2e.bed.Bed;

/** A table that a stranger has locked. */
final class HeldTable implements AutoCloseable {
    private final Connection connection;
    private final String table;

    private HeldTable(Connection connection, String table) {
        this.connection = connection;
        this.table = table;
    }

    /** @param mode of PostgreSQL's LOCK TABLE */
    static HeldTable of(Bed bed, String table, String mode) throws SQLException {
        Connection connection = bed.tables().connect();
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE " + table + " IN " + mode + " MODE");
            return new HeldTable(connection, table);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close(); // PostgreSQL rolls it back
    }

    @Override
    public String toString() {
        return table;
    }
}
