package dev.freshet.serving.export;

import static dev.freshet.runtime.source.SourceTables.quoted;

import dev.freshet.runtime.source.SourceTables;

/** The ids of the users that exist. */
final class SelectUsers {
    private SelectUsers() {}

    static String sql(SourceTables.Users users, UserFilter filter) {
        String id = "u." + quoted(users.id());
        return "SELECT " + filter.read(id) + " FROM " + users.rows("u") + " WHERE " + filter.on(id);
    }
}
