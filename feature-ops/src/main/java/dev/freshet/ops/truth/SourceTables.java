package dev.freshet.ops.truth;

import java.util.Map;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.OrdersTable;
import dev.freshet.runtime.config.SourceSettings;

/** Where the source keeps users and orders, by its own names. */
public record SourceTables(Users users, Orders orders) {

    /**
     * @param table the table, with its schema
     * @param id the primary key
     * @param where a condition that rows have to meet, in SQL; null for all rows
     */
    public record Users(
            TableName table, String id, @Nullable String where) {
        /** The users that exist for Freshet, as an entry of a FROM clause. */
        public String rows(String alias) {
            return table.rows(where, alias);
        }
    }

    /**
     * @param table the table, with its schema
     * @param user the column that names the user
     * @param createdAt the column of an order's time
     * @param columns for each column that the catalogue names, the source's name of it; its own where absent
     * @param where a condition that rows have to meet, in SQL; null for all rows
     */
    public record Orders(
            TableName table,
            String user,
            String createdAt,
            Map<String, String> columns,
            @Nullable String where) {
        public Orders {
            columns = Map.copyOf(columns);
        }

        String rows(String alias) {
            return table.rows(where, alias);
        }

        String column(String catalogueName) {
            return columns.getOrDefault(catalogueName, catalogueName);
        }
    }

    /** A table by schema and name, as the database spells them. */
    public record TableName(String schema, String name) {
        /** Fit for SQL. */
        public String sql() {
            return quoted(schema) + "." + quoted(name);
        }

        /** The rows that meet a condition, as an entry of a FROM clause. */
        String rows(@Nullable String where, String alias) {
            return where == null
                    ? sql() + " AS " + alias
                    : "(SELECT * FROM " + sql() + " WHERE " + where + ") AS " + alias;
        }
    }

    /** As the configuration names them. */
    public static SourceTables of(SourceSettings source) {
        OrdersTable orders = source.orders();
        return new SourceTables(
                new Users(
                        new TableName(source.schema(), source.users().table()),
                        source.users().id(),
                        null),
                new Orders(
                        new TableName(source.schema(), orders.table()),
                        orders.userId(),
                        orders.createdAt(),
                        orders.columns(),
                        null));
    }

    /** The tables of the contract: public.users and public.orders. */
    public static SourceTables standard() {
        return new SourceTables(
                new Users(new TableName("public", "users"), "id", null),
                new Orders(new TableName("public", "orders"), "user_id", "created_at", Map.of(), null));
    }

    /** A name fit for SQL, whatever characters and keywords it is made of. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
