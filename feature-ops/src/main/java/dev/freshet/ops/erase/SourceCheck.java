package dev.freshet.ops.erase;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.SourceSettings;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.source.SourceTables;

/** Whether the source has nothing of a user: no row of users, no order, whatever filter there is. */
final class SourceCheck {
    private final Connection source;
    private final SourceTables tables;
    private final ErasedUser user;

    SourceCheck(FreshetConfig config, Connection source, ErasedUser user) {
        this.source = source;
        this.user = user;
        SourceSettings settings = config.source();
        tables = SourceTables.of(settings);
    }

    /**
     * @return an LSN, as a number, behind all that the source ever had of the user
     * @throws Stop.Operator if there is something
     */
    long requireAbsent() throws SQLException {
        List<String> found = new ArrayList<>();
        List<String> cures = new ArrayList<>();
        look(tables.orders().table().sql(), tables.orders().user(), found, cures);
        look(tables.users().table().sql(), tables.users().id(), found, cures);
        if (!found.isEmpty()) {
            throw new Stop.Operator(
                    "user " + user.text() + " is in the source: " + String.join(", ", found),
                    "Delete it there first: " + String.join(" ", cures));
        }
        try (PreparedStatement end =
                        source.prepareStatement("SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint");
                ResultSet row = end.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private void look(String table, String column, List<String> found, List<String> cures) throws SQLException {
        String condition = SourceTables.quoted(column) + " = ";
        try (PreparedStatement count = source.prepareStatement("SELECT count(*) FROM " + table + " WHERE " + condition
                + "?::" + user.type().sqlName())) {
            count.setString(1, user.text());
            try (ResultSet row = count.executeQuery()) {
                row.next();
                if (row.getLong(1) > 0) {
                    found.add(row.getLong(1) + (row.getLong(1) == 1 ? " row of " : " rows of ") + table);
                    cures.add("DELETE FROM " + table + " WHERE " + condition + "'"
                            + user.text().replace("'", "''") + "';");
                }
            }
        }
    }
}
