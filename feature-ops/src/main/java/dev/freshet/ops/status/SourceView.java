package dev.freshet.ops.status;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

import dev.freshet.ops.status.StatusReport.SlotStatus;

/**
 * What the source tells.
 *
 * @param clock in epoch microseconds
 */
record SourceView(long clock, @Nullable SlotStatus slot) {
    private static final String SELECT = """
            SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS clock, s.slot_name, s.active, s.wal_status,
                coalesce(pg_wal_lsn_diff(here.lsn, s.restart_lsn), 0)::bigint AS retained,
                coalesce(pg_wal_lsn_diff(here.lsn, s.confirmed_flush_lsn), 0)::bigint AS behind
            FROM (SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_lsn() END AS lsn) here
            LEFT JOIN pg_replication_slots s ON s.slot_name = ?""";

    static SourceView read(Connection connection, String slot) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setString(1, slot);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                SlotStatus status = row.getString("slot_name") == null
                        ? null
                        : new SlotStatus(
                                slot,
                                row.getBoolean("active"),
                                String.valueOf(row.getString("wal_status")),
                                row.getLong("retained"),
                                row.getLong("behind"));
                return new SourceView(row.getLong("clock"), status);
            }
        }
    }
}
