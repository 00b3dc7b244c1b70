package dev.freshet.sink.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.Names;

/**
 * Users of whom an entry could not be written and who have no row to be flagged. Their partition is not complete, and its
 * watermark stands still, until a later entry of the user is written; for ever where not even the user can be read.
 */
final class LostEntries {
    private static final Logger log = LoggerFactory.getLogger(LostEntries.class);

    /** No bigint is spelled like this, and texts begin with {@link #TEXT}. */
    private static final String UNKNOWN = "unknown";

    private static final String TEXT = "=";

    private static final String READ =
            "SELECT part, user_id FROM " + Names.LOST + " WHERE generation = ? AND part = ANY (?::int[])";
    private static final String CLEAR = "DELETE FROM " + Names.LOST + " WHERE generation = ? AND part = ANY (?::int[])";
    private static final String ADD = "INSERT INTO " + Names.LOST + " (generation, part, user_id) VALUES (?, ?, ?)";

    /** @param user null if the entry did not tell */
    record Lost(int partition, @Nullable Id user) {}

    private final int generation;

    LostEntries(int generation) {
        this.generation = generation;
    }

    Set<Lost> read(Connection connection, Collection<Integer> partitions) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(READ)) {
            read.setInt(1, generation);
            read.setArray(2, connection.createArrayOf("int", partitions.toArray()));
            Set<Lost> lost = new LinkedHashSet<>();
            try (ResultSet rows = read.executeQuery()) {
                while (rows.next()) {
                    lost.add(new Lost(rows.getInt(1), user(rows.getString(2))));
                }
            }
            return lost;
        }
    }

    private static String text(@Nullable Id user) {
        if (user == null) {
            return UNKNOWN;
        }
        return user instanceof Id.OfText ? TEXT + user : user.toString();
    }

    private static @Nullable Id user(String text) {
        if (text.equals(UNKNOWN)) {
            return null;
        }
        return text.startsWith(TEXT) ? Id.of(text.substring(TEXT.length())) : Id.of(Long.parseLong(text));
    }

    /** Makes these the ones of these partitions. */
    void replace(Connection connection, Collection<Integer> partitions, Set<Lost> lost) throws SQLException {
        try (PreparedStatement clear = connection.prepareStatement(CLEAR);
                PreparedStatement add = connection.prepareStatement(ADD)) {
            clear.setInt(1, generation);
            clear.setArray(2, connection.createArrayOf("int", partitions.toArray()));
            clear.executeUpdate();
            for (Lost one : lost) {
                Id user = one.user();
                add.setInt(1, generation);
                add.setInt(2, one.partition());
                add.setString(3, text(user));
                add.addBatch();
                log.warn("holding the watermark generation={} partition={} user={}", generation, one.partition(), user);
            }
            add.executeBatch();
        }
    }
}
