package dev.freshet.ingest.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import dev.freshet.ingest.capture.Mapping.SourceTable;

/** About how many rows a table has, for a progress bar: counted where that is quick, else as it was last analyzed. */
public final class RowEstimate {
    private static final long QUICKLY_COUNTED_BYTES = 64 << 20;

    private RowEstimate() {}

    /** 0 if nobody knows. */
    public static long of(Connection connection, SourceTable table) throws SQLException {
        String name = "'" + table.quoted().replace("'", "''") + "'::regclass";
        try (Statement statement = connection.createStatement()) {
            ResultSet size = statement.executeQuery("SELECT pg_table_size(c.oid), greatest(c.reltuples, 0)::bigint"
                    + " FROM pg_class c WHERE c.oid = " + name);
            size.next();
            if (size.getLong(1) > QUICKLY_COUNTED_BYTES) {
                return size.getLong(2);
            }
            ResultSet count = statement.executeQuery("SELECT count(*) FROM " + table.quoted());
            count.next();
            return count.getLong(1);
        }
    }
}
