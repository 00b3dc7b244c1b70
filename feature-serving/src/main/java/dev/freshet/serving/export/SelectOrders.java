package dev.freshet.serving.export;

import static dev.freshet.runtime.source.SourceTables.quoted;
import static java.util.stream.Collectors.joining;

import java.util.List;

import dev.freshet.runtime.source.SourceTables;

/** The orders that count: user, time, and the amounts that features need. */
final class SelectOrders {
    private SelectOrders() {}

    static String sql(SourceTables.Orders orders, List<String> amounts, UserFilter filter) {
        String user = "o." + quoted(orders.user());
        return "SELECT %s, %s%s FROM %s WHERE %s IS NOT NULL AND %s IS NOT NULL AND %s"
                .formatted(
                        filter.read(user),
                        orders.time(),
                        amounts.stream()
                                .map(amount -> ", " + orders.amount(amount))
                                .collect(joining()),
                        orders.rows("o"),
                        user,
                        orders.time(),
                        filter.on(user));
    }
}
