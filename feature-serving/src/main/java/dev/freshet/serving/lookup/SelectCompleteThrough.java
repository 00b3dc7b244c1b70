package dev.freshet.serving.lookup;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;

import dev.freshet.schemas.Names;

/** Reads how far the table is complete, without a row of it. */
final class SelectCompleteThrough {
    private static final String SELECT = "SELECT generation, lsn::text, source_time FROM " + Names.COMPLETE_THROUGH;

    private SelectCompleteThrough() {}

    /** Empty while nothing is live. */
    static Optional<CompleteThrough> read(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT);
                ResultSet row = select.executeQuery()) {
            return row.next()
                    ? Optional.of(new CompleteThrough(
                            row.getInt(1),
                            Lsn.parse(row.getString(2)).orElseThrow(),
                            row.getObject(3, OffsetDateTime.class).toInstant()))
                    : Optional.empty();
        }
    }
}
