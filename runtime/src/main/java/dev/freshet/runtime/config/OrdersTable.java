package dev.freshet.runtime.config;

import java.util.Map;

/**
 * The source's table of orders.
 *
 * @param table its name, unquoted, in the source's schema
 * @param id the column of its primary key
 * @param userId the column that names the user
 * @param createdAt the column of the order's time
 * @param createdAtType of that column
 * @param amounts the columns that features name
 */
public record OrdersTable(
        String table, String id, String userId, String createdAt, TimeType createdAtType, AmountColumns amounts) {
    public OrdersTable {
        Faults faults = new Faults();
        Identifiers.check(faults, "source.orders.table", table);
        Identifiers.check(faults, "source.orders.id", id);
        Identifiers.check(faults, "source.orders.user.id", userId);
        Identifiers.check(faults, "source.orders.created.at", createdAt);
        faults.throwIfAny();
    }

    /** By the name that features use, the source's column, where the two differ. */
    public Map<String, String> columns() {
        return amounts.columns();
    }

    /** The source's column for one that features name. */
    public String column(String logical) {
        return columns().getOrDefault(logical, logical);
    }

    /** How many digits of the column's integer stand behind the point; 0 if it counts whole units. */
    public int scale(String logical) {
        return amounts.scales().getOrDefault(logical, 0);
    }
}
