package dev.freshet.runtime.source;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.AmountColumns;
import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.config.OrdersTable;
import dev.freshet.runtime.config.SourceSettings;
import dev.freshet.runtime.config.TimeType;

/** Where the source keeps users and orders, by its own names. */
public record SourceTables(Users users, Orders orders) {

    /**
     * @param table the table, with its schema
     * @param id the primary key
     * @param idType of that
     * @param where a condition that rows have to meet, in SQL; null for all rows
     */
    public record Users(
            TableName table,
            String id,
            IdType idType,
            @Nullable String where) {
        /** The users that exist for Freshet, as an entry of a FROM clause. */
        public String rows(String alias) {
            return table.rows(where, alias);
        }
    }

    /**
     * @param table the table, with its schema
     * @param user the column that names the user
     * @param createdAt the column of an order's time
     * @param createdAtType of that column
     * @param amounts the columns that the catalogue names
     * @param where a condition that rows have to meet, in SQL; null for all rows
     */
    public record Orders(
            TableName table,
            String user,
            String createdAt,
            TimeType createdAtType,
            AmountColumns amounts,
            @Nullable String where) {
        /** The orders that count for Freshet, as an entry of a FROM clause. */
        public String rows(String alias) {
            return table.rows(where, alias);
        }

        /** A timestamptz, of the entry {@code o}. */
        public String time() {
            String column = "o." + quoted(createdAt);
            return createdAtType == TimeType.TIMESTAMP ? "(" + column + " AT TIME ZONE 'UTC')" : column;
        }

        /** A numeric, of the entry {@code o}. */
        public String amount(String catalogueName) {
            String column = "o." + quoted(amounts.columns().getOrDefault(catalogueName, catalogueName)) + "::numeric";
            int scale = amounts.scales().getOrDefault(catalogueName, 0);
            // A division would round to about 16 digits.
            return scale == 0
                    ? column
                    : "(" + column + " * " + BigDecimal.ONE.movePointLeft(scale).toPlainString() + ")";
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
                        source.users().idType(),
                        null),
                new Orders(
                        new TableName(source.schema(), orders.table()),
                        orders.userId(),
                        orders.createdAt(),
                        orders.createdAtType(),
                        orders.amounts(),
                        orders.where().isNone() ? null : orders.where().text()));
    }

    /** The tables of the contract: public.users and public.orders. */
    public static SourceTables standard() {
        return new SourceTables(
                new Users(new TableName("public", "users"), "id", IdType.BIGINT, null),
                new Orders(
                        new TableName("public", "orders"),
                        "user_id",
                        "created_at",
                        TimeType.TIMESTAMPTZ,
                        AmountColumns.PLAIN,
                        null));
    }

    /** A name fit for SQL, whatever characters and keywords it is made of. */
    public static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
