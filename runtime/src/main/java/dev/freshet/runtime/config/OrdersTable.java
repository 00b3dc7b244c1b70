package dev.freshet.runtime.config;

import java.util.Map;

import dev.freshet.runtime.filter.RowFilter;

/**
 * The source's table of orders.
 *
 * @param table its name, unquoted, in the source's schema
 * @param id the column of its primary key
 * @param userId the column that names the user
 * @param time the column of the order's time
 * @param amounts the columns that features name
 * @param where which of its rows count
 */
public record OrdersTable(
        String table, String id, String userId, TimeColumn time, AmountColumns amounts, RowFilter where) {

    /**
     * @param column its name, unquoted
     * @param type of its values
     */
    public record TimeColumn(String column, TimeType type) {}

    /** The tables of the contract call it so. */
    static final OrdersTable STANDARD = new OrdersTable(
            "orders",
            "id",
            "user_id",
            new TimeColumn("created_at", TimeType.TIMESTAMPTZ),
            AmountColumns.PLAIN,
            RowFilter.NONE);

    public OrdersTable {
        Faults faults = new Faults();
        Identifiers.check(faults, "source.orders.table", table);
        Identifiers.check(faults, "source.orders.id", id);
        Identifiers.check(faults, "source.orders.user.id", userId);
        Identifiers.check(faults, "source.orders.created.at", time.column());
        faults.throwIfAny();
    }

    /** The column of the order's time. */
    public String createdAt() {
        return time.column();
    }

    /** What that column holds. */
    public TimeType createdAtType() {
        return time.type();
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
