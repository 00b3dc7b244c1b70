package dev.freshet.runtime.config;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.freshet.runtime.filter.FilterSyntaxException;
import dev.freshet.runtime.filter.RowFilter;

/** Reads {@code source}: which database, which tables, and what is in their columns. */
final class SourceReader {
    private final Values values;
    private final Faults faults;

    SourceReader(Values values, Faults faults) {
        this.values = values;
        this.faults = faults;
    }

    /** Empty after a fault. */
    Optional<SourceSettings> source(DatabaseLogin login) {
        String schema = values.text("source.schema", "public");
        Optional<UsersTable> users = faults.collect(() -> new UsersTable(
                values.text("source.users.table", "users"),
                values.text("source.users.id", "id"),
                choice("source.users.id.type", IdType.BIGINT, IdType.values())));
        Optional<OrdersTable> orders = orders();
        return faults.collect(() -> new SourceSettings(
                login,
                schema,
                users.orElseGet(() -> new UsersTable("users", "id", IdType.BIGINT)),
                orders.orElse(OrdersTable.STANDARD),
                values.flag("source.setup", false)));
    }

    private Optional<OrdersTable> orders() {
        Optional<AmountColumns> amounts = faults.collect(() -> new AmountColumns(
                values.below("source.orders.columns", rest -> rest.toLowerCase(Locale.ROOT)), scales()));
        return faults.collect(() -> new OrdersTable(
                values.text("source.orders.table", "orders"),
                values.text("source.orders.id", "id"),
                values.text("source.orders.user.id", "user_id"),
                new OrdersTable.TimeColumn(
                        values.text("source.orders.created.at", "created_at"),
                        choice("source.orders.created.at.type", TimeType.TIMESTAMPTZ, TimeType.values())),
                amounts.orElse(AmountColumns.PLAIN),
                filter("source.orders.where")));
    }

    private RowFilter filter(String key) {
        String text = values.text(key, "");
        try {
            return RowFilter.parse(text);
        } catch (FilterSyntaxException e) {
            faults.add(key, text, String.valueOf(e.getMessage()));
            return RowFilter.NONE;
        }
    }

    private Map<String, Integer> scales() {
        Map<String, Integer> scales = new LinkedHashMap<>();
        values.below("source.orders.scale", rest -> rest.toLowerCase(Locale.ROOT))
                .forEach((logical, scale) -> {
                    try {
                        scales.put(logical, Integer.parseInt(scale));
                    } catch (NumberFormatException e) {
                        faults.add("source.orders.scale." + logical, scale, "write a whole number, as 2 for cents");
                    }
                });
        return scales;
    }

    private <T extends Enum<T>> T choice(String key, T byDefault, T[] choices) {
        Function<T, String> spelling = choice -> choice.name().toLowerCase(Locale.ROOT);
        String text = values.text(key, spelling.apply(byDefault));
        for (T choice : choices) {
            if (spelling.apply(choice).equals(text)) {
                return choice;
            }
        }
        faults.add(
                key,
                text,
                "write one of " + Arrays.stream(choices).map(spelling).collect(Collectors.joining(", ")));
        return byDefault;
    }
}
