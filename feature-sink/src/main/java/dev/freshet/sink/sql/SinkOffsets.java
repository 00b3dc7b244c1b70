package dev.freshet.sink.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.freshet.schemas.Names;
import dev.freshet.sink.rule.Claim;

/** Positions in the features topic, kept beside the rows they account for. */
final class SinkOffsets {
    private static final String BEGIN = "INSERT INTO " + Names.SINK_OFFSETS
            + " (generation, part, next) SELECT ?, unnest(?::int[]), 0 ON CONFLICT DO NOTHING";
    private static final String READ = "SELECT part, next, extract(epoch FROM clock_timestamp() - updated_at) FROM "
            + Names.SINK_OFFSETS + " WHERE generation = ? AND part = ANY (?::int[])";
    private static final String CLAIM = "UPDATE " + Names.SINK_OFFSETS
            + " SET next = ?, updated_at = now() WHERE generation = ? AND part = ? AND next = ?";

    private final int generation;

    SinkOffsets(int generation) {
        this.generation = generation;
    }

    /** The positions of these partitions; one that nobody has read yet begins at 0. */
    SortedMap<Integer, Position> read(Connection connection, Collection<Integer> partitions) throws SQLException {
        try (PreparedStatement begin = connection.prepareStatement(BEGIN);
                PreparedStatement read = connection.prepareStatement(READ)) {
            for (PreparedStatement statement : List.of(begin, read)) {
                statement.setInt(1, generation);
                statement.setArray(2, connection.createArrayOf("int", partitions.toArray()));
            }
            begin.executeUpdate();
            SortedMap<Integer, Position> positions = new TreeMap<>();
            try (ResultSet rows = read.executeQuery()) {
                while (rows.next()) {
                    Duration age = Duration.ofMillis((long) (rows.getDouble(3) * 1_000));
                    positions.put(rows.getInt(1), new Position(rows.getLong(2), age));
                }
            }
            return positions;
        }
    }

    /**
     * Moves the positions on, before anything else of the transaction: a zombie then waits here, and finds out here, before
     * it has locked a row of a user.
     *
     * @param claims by ascending partition
     * @return whether every position still stood where the claim expects it; otherwise the transaction must not commit
     */
    boolean claim(Connection connection, List<Claim> claims) throws SQLException {
        try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
            for (Claim one : claims) {
                claim.setLong(1, one.next());
                claim.setInt(2, generation);
                claim.setInt(3, one.partition());
                claim.setLong(4, one.expected());
                claim.addBatch();
            }
            return Arrays.stream(claim.executeBatch()).allMatch(updated -> updated == 1);
        }
    }
}
