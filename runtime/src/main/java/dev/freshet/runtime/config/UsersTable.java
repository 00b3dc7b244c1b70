package dev.freshet.runtime.config;

/**
 * The source's table of users.
 *
 * @param table its name, unquoted, in the source's schema
 * @param id the column of its primary key
 * @param idType of that column, and of the orders' that names a user
 */
public record UsersTable(String table, String id, IdType idType) {
    public UsersTable {
        Faults faults = new Faults();
        Identifiers.check(faults, "source.users.table", table);
        Identifiers.check(faults, "source.users.id", id);
        faults.throwIfAny();
    }
}
