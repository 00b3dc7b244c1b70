package dev.freshet.ops.reconcile;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Goes through a table by its key. Two databases may sort texts differently, so each side is gone through in its own order. */
final class Keyset {
    private Keyset() {}

    /**
     * @param table as SQL names it
     * @param key its primary key, as SQL names it
     * @param last null to begin
     */
    static List<String> after(
            Connection connection, String table, String key, String type, @Nullable String last, int limit)
            throws SQLException {
        String from = last == null ? "" : " WHERE k." + key + " > ?::" + type;
        try (PreparedStatement query =
                connection.prepareStatement("SELECT k.%1$s::text FROM %2$s AS k%3$s ORDER BY k.%1$s LIMIT %4$d"
                        .formatted(key, table, from, limit))) {
            if (last != null) {
                query.setString(1, last);
            }
            List<String> keys = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    keys.add(rows.getString(1));
                }
            }
            return keys;
        }
    }
}
