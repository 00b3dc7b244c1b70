package dev.freshet.ingest.capture;

import java.util.List;
import java.util.stream.Stream;

import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.config.TimeType;
import dev.freshet.runtime.filter.RowFilter;
import dev.freshet.schemas.change.Table;

/**
 * How a shop calls the tables and columns that the features need.
 *
 * @param users the table of users
 * @param userId its primary key
 * @param userIdType of that, and of the orders' column that names a user
 * @param orders the table of orders
 * @param order its columns
 * @param publication of the two tables
 */
public record Mapping(
        SourceTable users,
        String userId,
        IdType userIdType,
        SourceTable orders,
        OrderColumns order,
        String publication) {

    /** A table by schema and name. */
    public record SourceTable(String schema, String name) {
        /** As SQL names it. */
        public String quoted() {
            return quote(schema) + "." + quote(name);
        }

        @Override
        public String toString() {
            return schema + "." + name;
        }
    }

    /**
     * A column of an order that features name.
     *
     * @param scale how many digits of its integer stand behind the point
     */
    public record Amount(String column, int scale) {}

    /**
     * @param id the primary key
     * @param user the user's id
     * @param createdAt when the order was made
     * @param createdAtType of that column
     * @param amounts the columns of {@link dev.freshet.schemas.catalogue.Catalogue#columns()}, in that order
     * @param where which orders count
     */
    public record OrderColumns(
            String id, String user, String createdAt, TimeType createdAtType, List<Amount> amounts, RowFilter where) {
        public OrderColumns {
            amounts = List.copyOf(amounts);
        }

        /** All of them, in the order of the components. */
        public List<String> all() {
            return Stream.concat(named(), where.columns().stream()).distinct().toList();
        }

        /** Those that only the filter asks for: they do not enter the log. */
        List<String> onlyOfFilter() {
            List<String> named = named().toList();
            return where.columns().stream()
                    .filter(column -> !named.contains(column))
                    .toList();
        }

        private Stream<String> named() {
            return Stream.concat(
                    Stream.of(id, user, createdAt), amounts.stream().map(Amount::column));
        }
    }

    public SourceTable table(Table table) {
        return table == Table.USERS ? users : orders;
    }

    public List<String> columns(Table table) {
        return table == Table.USERS ? List.of(userId) : order.all();
    }

    /** An identifier as SQL takes it, whatever characters it has. */
    public static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
