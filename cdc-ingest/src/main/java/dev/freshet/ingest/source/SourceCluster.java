package dev.freshet.ingest.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

import dev.freshet.schemas.record.IngestPosition;

/** What the source says of itself. */
public final class SourceCluster {
    private static final String SELECT_IDENTITY = """
            SELECT system_identifier::text,
                   ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int AS timeline
            FROM pg_control_system()""";
    private static final String SELECT_CLOCK = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

    private SourceCluster() {}

    /** Which cluster and timeline its LSNs belong to. The timeline is that of the WAL now being written, not of a checkpoint. */
    public static IngestPosition.Source identity(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            ResultSet row = statement.executeQuery(SELECT_IDENTITY);
            row.next();
            return new IngestPosition.Source(row.getString("system_identifier"), row.getInt("timeline"));
        }
    }

    /** Up to where it has written WAL. */
    public static long walEnd(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            ResultSet row = statement.executeQuery("SELECT pg_current_wal_lsn()::text AS lsn");
            row.next();
            return Objects.requireNonNull(Lsns.read(row, "lsn"));
        }
    }

    /** The source's clock, in epoch microseconds. */
    public static long clock(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            ResultSet row = statement.executeQuery(SELECT_CLOCK);
            row.next();
            return row.getLong(1);
        }
    }
}
