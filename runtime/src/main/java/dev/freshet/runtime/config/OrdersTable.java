package dev.freshet.runtime.config;

import java.util.Map;

import dev.freshet.schemas.catalogue.FeatureDefinition;

/**
 * The source's table of orders.
 *
 * @param table its name, unquoted, in the source's schema
 * @param id the column of its primary key
 * @param userId the column that names the user
 * @param createdAt the column of the order's time
 * @param columns by the name that features use, the source's column, where the two differ
 */
public record OrdersTable(String table, String id, String userId, String createdAt, Map<String, String> columns) {
    public OrdersTable {
        columns = Map.copyOf(columns);
        Faults faults = new Faults();
        Identifiers.check(faults, "source.orders.table", table);
        Identifiers.check(faults, "source.orders.id", id);
        Identifiers.check(faults, "source.orders.user.id", userId);
        Identifiers.check(faults, "source.orders.created.at", createdAt);
        columns.forEach((logical, column) -> {
            String key = "source.orders.columns." + logical;
            Identifiers.check(faults, key, column);
            faults.require(
                    FeatureDefinition.NAME.matcher(logical).matches(),
                    key,
                    column,
                    "features can only name columns of the form " + FeatureDefinition.NAME);
        });
        faults.throwIfAny();
    }

    /** The source's column for one that features name. */
    public String column(String logical) {
        return columns.getOrDefault(logical, logical);
    }
}
