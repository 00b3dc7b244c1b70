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

    /** It is behind the position, and never read again. */
    private static final long NO_OFFSET = -1;

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

    List<Poll.Raw> read(Connection connection, Collection<Integer> partitions) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(READ)) {
            read.setInt(1, generation);
            read.setArray(2, connection.createArrayOf("int", partitions.toArray()));
            List<Poll.Raw> waiting = new ArrayList<>();
            try (ResultSet rows = read.executeQuery()) {
                while (rows.next()) {
                    waiting.add(new Poll.Raw(rows.getInt(1), NO_OFFSET, rows.getBytes(2), rows.getBytes(3)));
                }
            }
            return waiting;
        }
    }

    /** Makes these the ones that wait in these partitions. */
    void replace(Connection connection, Collection<Integer> partitions, List<Poll.Entry> waiting) throws SQLException {
        try (PreparedStatement clear = connection.prepareStatement(CLEAR);
                PreparedStatement add = connection.prepareStatement(ADD)) {
            clear.setInt(1, generation);
            clear.setArray(2, connection.createArrayOf("int", partitions.toArray()));
            clear.executeUpdate();
            for (Poll.Entry one : waiting) {
                add.setInt(1, generation);
                add.setInt(2, one.raw().partition());
                add.setBytes(3, one.raw().key());
                add.setBytes(4, one.raw().value());
                add.addBatch();
            }
            add.executeBatch();
        }
    }
}
