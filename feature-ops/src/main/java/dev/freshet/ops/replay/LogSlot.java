package dev.freshet.ops.replay;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;

/**
 * The replication slot of a change log that nobody reads any more. Ingest drops it, if one runs; what is left behind would keep WAL
 * until the source's disk is full.
 */
final class LogSlot {
    private static final String OURS =
            " FROM pg_replication_slots WHERE slot_name = ? AND database = current_database() AND plugin = 'pgoutput'";

    private static final String UNDEFINED_OBJECT = "42704";

    private final Database source;
    private final String name;

    LogSlot(FreshetConfig config, int changeLog) {
        source = new Database(config.source().login(), config.source().schema(), "freshet-replay", Timeouts.standard());
        name = config.names().slot(changeLog);
    }

    String name() {
        return name;
    }

    /** Whether an ingest reads from it, or makes it. */
    boolean isUsed() throws SQLException {
        return selects("SELECT active" + OURS + " AND active");
    }

    /** Returns whether it was there. */
    boolean drop() throws SQLException {
        try {
            return selects("SELECT pg_drop_replication_slot(slot_name)" + OURS + " AND NOT active");
        } catch (SQLException e) {
            if (UNDEFINED_OBJECT.equals(e.getSQLState())) {
                return false; // ingest has been faster
            }
            throw e;
        }
    }

    private boolean selects(String sql) throws SQLException {
        try (Connection connection = source.open();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }
}
