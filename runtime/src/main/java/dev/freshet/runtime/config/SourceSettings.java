package dev.freshet.runtime.config;

/**
 * The database that is captured.
 *
 * @param schema of both tables
 * @param setup whether ingest may change the source: set a replica identity, alter its publication
 */
public record SourceSettings(DatabaseLogin login, String schema, UsersTable users, OrdersTable orders, boolean setup) {
    public SourceSettings {
        Faults faults = new Faults();
        DatabaseLogin.check(faults, "source", login);
        Identifiers.check(faults, "source.schema", schema);
        faults.require(
                !users.table().equals(orders.table()),
                "source.orders.table",
                orders.table(),
                "is the table of users too: name the table of orders");
        faults.throwIfAny();
    }
}
