package dev.freshet.serving.export;

import java.sql.SQLException;

/**
 * Which state of the source was read.
 *
 * @param lsn nothing that committed after it is seen; of what committed before it, the snapshot tells
 * @param snapshot which transactions are seen, as PostgreSQL writes a pg_snapshot; of a standby its own
 * @param now the source's clock then, in microseconds
 * @param orders about how many there are in the table; 0 if the server has no estimate
 */
record SourceFacts(String systemIdentifier, String lsn, String snapshot, long now, long orders) {
    private static final String SQL = """
            SELECT (SELECT system_identifier::text FROM pg_control_system()),
                CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END::text,
                pg_current_snapshot()::text,
                (extract(epoch FROM now()) * 1000000)::bigint,
                (SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = %s::regclass)""";

    /** @param orders the table's name, fit for SQL */
    static SourceFacts read(Snapshot source, String orders) throws SQLException {
        return source.list(
                        SQL.formatted(SqlText.literal(orders)),
                        row -> new SourceFacts(
                                row.getString(1), row.getString(2), row.getString(3), row.getLong(4), row.getLong(5)))
                .get(0);
    }
}
