package dev.freshet.sink.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import dev.freshet.schemas.Names;

/**
 * Entries that the table cannot take yet, because it has a foreign key to users and the user is not there (any more): kept
 * as they came, so that the position can move on without losing them.
 */
final class WaitingRows {

    /** An entry of the features topic in its bytes. */
    @SuppressWarnings("ArrayRecordComponent") // bytes as they were; never compared
    record Waiting(int partition, byte[] key, byte[] value) {}

    private static final String READ = "SELECT part, key, value FROM " + Names.WAITING_ROWS
            + " WHERE generation = ? AND part = ANY (?::int[]) ORDER BY part, key";
    private static final String CLEAR =
            "DELETE FROM " + Names.WAITING_ROWS + " WHERE generation = ? AND part = ANY (?::int[])";
    private static final String ADD =
            "INSERT INTO " + Names.WAITING_ROWS + " (generation, part, key, value) VALUES (?, ?, ?, ?)";

    private final int generation;

    WaitingRows(int generation) {
        this.generation = generation;
    }

    List<Waiting> read(Connection connection, Collection<Integer> partitions) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(READ)) {
            read.setInt(1, generation);
            read.setArray(2, connection.createArrayOf("int", partitions.toArray()));
            List<Waiting> waiting = new ArrayList<>();
            try (ResultSet rows = read.executeQuery()) {
                while (rows.next()) {
                    waiting.add(new Waiting(rows.getInt(1), rows.getBytes(2), rows.getBytes(3)));
                }
            }
            return waiting;
        }
    }

    /** Makes these the ones that wait in these partitions. */
    void replace(Connection connection, Collection<Integer> partitions, List<Waiting> waiting) throws SQLException {
        try (PreparedStatement clear = connection.prepareStatement(CLEAR);
                PreparedStatement add = connection.prepareStatement(ADD)) {
            clear.setInt(1, generation);
            clear.setArray(2, connection.createArrayOf("int", partitions.toArray()));
            clear.executeUpdate();
            for (Waiting one : waiting) {
                add.setInt(1, generation);
                add.setInt(2, one.partition());
                add.setBytes(3, one.key());
                add.setBytes(4, one.value());
                add.addBatch();
            }
            add.executeBatch();
        }
    }
}
