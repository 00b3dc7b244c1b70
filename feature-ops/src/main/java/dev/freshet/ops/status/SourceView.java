package dev.freshet.ops.status;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import dev.freshet.ops.status.StatusReport.SlotStatus;
import dev.freshet.schemas.Names;

/**
 * What the source tells.
 *
 * @param clock in epoch microseconds
 * @param slots one for each change log
 */
record SourceView(long clock, List<SlotStatus> slots) {
    private static final String SELECT = """
            SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS clock, s.slot_name, s.active, s.wal_status,
                coalesce(pg_wal_lsn_diff(here.lsn, s.restart_lsn), 0)::bigint AS retained,
                coalesce(pg_wal_lsn_diff(here.lsn, s.confirmed_flush_lsn), 0)::bigint AS behind
            FROM (SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_lsn() END AS lsn) here
            LEFT JOIN pg_replication_slots s ON true ORDER BY s.slot_name""";

    static SourceView read(Connection connection, Names names) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SELECT)) {
            List<SlotStatus> slots = new ArrayList<>();
            long clock = 0;
            while (row.next()) {
                clock = row.getLong("clock");
                String slot = row.getString("slot_name");
                if (slot != null && names.logOfSlot(slot).isPresent()) {
                    slots.add(new SlotStatus(
                            slot,
                            row.getBoolean("active"),
                            String.valueOf(row.getString("wal_status")),
                            row.getLong("retained"),
                            row.getLong("behind")));
                }
            }
            return new SourceView(clock, slots);
        }
    }
}
