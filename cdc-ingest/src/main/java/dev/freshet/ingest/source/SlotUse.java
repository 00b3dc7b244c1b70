package dev.freshet.ingest.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What a replication slot costs the source.
 *
 * @param retainedBytes WAL that the source keeps for it
 * @param lost its WAL is gone
 */
public record SlotUse(long retainedBytes, boolean lost) {
    private static final String SELECT = """
            SELECT wal_status, CASE WHEN pg_is_in_recovery() THEN 0
                ELSE coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0) END::bigint
            FROM pg_replication_slots
            WHERE slot_name = ? AND database = current_database() AND plugin = 'pgoutput'""";

    /** Empty if there is no such slot, of this database and for pgoutput. */
    public static Optional<SlotUse> of(String slot, Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setString(1, slot);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new SlotUse(row.getLong(2), "lost".equals(row.getString(1))))
                        : Optional.empty();
            }
        }
    }
}
