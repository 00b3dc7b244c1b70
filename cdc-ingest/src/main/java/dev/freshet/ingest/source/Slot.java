package dev.freshet.ingest.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Names;

/** The replication slot of a change log. */
public final class Slot {
    private static final String SELECT_STATE = """
            SELECT database, plugin, active_pid, wal_status, confirmed_flush_lsn::text
            FROM pg_replication_slots WHERE slot_name = ?""";
    // Of the leader before us, who lost the lock that we hold: it must not keep the slot until a timeout.
    private static final String TERMINATE_READER =
            "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = ? AND active";
    private static final String SELECT_READER = """
            SELECT reader.pid, reader.usename, reader.application_name
            FROM pg_replication_slots JOIN pg_stat_activity AS reader ON reader.pid = active_pid WHERE slot_name = ?""";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String DROP = "SELECT pg_drop_replication_slot(?)";

    private final String name;

    public Slot(String name) {
        this.name = name;
    }

    /**
     * @param confirmed up to where the slot's reader has confirmed; null while the slot is being made
     * @param lost its WAL is gone, nothing can be read from it any more
     * @param active a reader is connected
     */
    public record State(
            String database, String plugin, @Nullable Long confirmed, boolean lost, boolean active) {}

    /** A session that reads from a slot. */
    public record Reader(int pid, String role, String application) {}

    public String name() {
        return name;
    }

    /** The change logs that the server has a slot for, by its name; it may be in another database. */
    public static List<Integer> logs(Connection connection, Names names) throws SQLException {
        List<Integer> logs = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT slot_name FROM pg_replication_slots")) {
            while (rows.next()) {
                names.logOfSlot(rows.getString(1)).ifPresent(logs::add);
            }
        }
        logs.sort(Comparator.naturalOrder());
        return logs;
    }

    /** Makes another one that stands where this one does. */
    public void copyTo(Slot other, Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pg_copy_logical_replication_slot(?, ?)")) {
            statement.setString(1, name);
            statement.setString(2, other.name);
            statement.execute();
        }
    }

    /** Empty if it does not exist. */
    public Optional<State> state(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SELECT_STATE)) {
            statement.setString(1, name);
            ResultSet row = statement.executeQuery();
            if (!row.next()) {
                return Optional.empty();
            }
            return Optional.of(new State(
                    String.valueOf(row.getString("database")),
                    String.valueOf(row.getString("plugin")),
                    Lsns.read(row, "confirmed_flush_lsn"),
                    "lost".equals(row.getString("wal_status")),
                    row.getString("active_pid") != null));
        }
    }

    /** Empty if nobody reads from it. */
    public Optional<Reader> reader(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SELECT_READER)) {
            statement.setString(1, name);
            ResultSet row = statement.executeQuery();
            if (!row.next()) {
                return Optional.empty();
            }
            return Optional.of(new Reader(
                    row.getInt("pid"),
                    String.valueOf(row.getString("usename")),
                    String.valueOf(row.getString("application_name"))));
        }
    }

    /** Ends the connection of whoever reads from it. Returns false if that one's role is such that we may not. */
    public boolean terminateReader(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TERMINATE_READER)) {
            statement.setString(1, name);
            statement.execute();
            return true;
        } catch (SQLException e) {
            if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    /** @throws SQLException 55006 while a reader is connected */
    public void drop(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DROP)) {
            statement.setString(1, name);
            statement.execute();
        }
    }
}
