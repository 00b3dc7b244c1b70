package dev.freshet.ingest.source;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** LSNs as JDBC sees them. */
final class Lsns {
    private Lsns() {}

    /** A pg_lsn column; null for SQL NULL. */
    static @Nullable Long read(ResultSet rows, String column) throws SQLException {
        String text = rows.getString(column);
        return text == null ? null : LogSequenceNumber.valueOf(text).asLong();
    }
}
