package dev.freshet.cli.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import dev.freshet.runtime.jdbc.Transaction;

/** The source tables of the demo: exactly those of the contract. */
final class Shop {
    /** Users that only measure, and that the traffic leaves alone. */
    static final String PROBE_EMAIL = "probe-%d@freshet.invalid";

    private Shop() {}

    /** Makes the tables that are missing. */
    static void ensureTables(Connection connection) throws SQLException {
        Transaction.ofDdl(connection, statement -> {
            statement.execute("""
                    CREATE TABLE IF NOT EXISTS users (
                        id BIGSERIAL PRIMARY KEY,
                        email TEXT UNIQUE NOT NULL,
                        created_at TIMESTAMPTZ DEFAULT now())""");
            statement.execute("""
                    CREATE TABLE IF NOT EXISTS orders (
                        id BIGSERIAL PRIMARY KEY,
                        user_id BIGINT NOT NULL REFERENCES users(id),
                        total NUMERIC NOT NULL,
                        created_at TIMESTAMPTZ DEFAULT now())""");
            statement.execute("CREATE INDEX IF NOT EXISTS orders_user_id ON orders (user_id)");
            // A deleted or moved order has to say whose it was.
            return statement.execute("ALTER TABLE orders REPLICA IDENTITY FULL");
        });
    }

    static boolean isEmpty(Connection connection) throws SQLException {
        return count(connection, "SELECT count(*) FROM (SELECT FROM users LIMIT 1) AS u") == 0;
    }

    static long users(Connection connection) throws SQLException {
        return count(connection, "SELECT count(*) FROM users");
    }

    static long orders(Connection connection) throws SQLException {
        return count(connection, "SELECT count(*) FROM orders");
    }

    /**
     * One that has an order, or the first that there will be. The newest of them: the traffic is mostly the oldest users', and
     * what changes all the time is hard to look at.
     */
    static long anyUser(Connection connection) throws SQLException {
        return count(
                connection,
                "SELECT coalesce(max(id), 1) FROM users AS u WHERE email NOT LIKE '" + PROBE_EMAIL.replace("%d", "%")
                        + "' AND EXISTS (SELECT FROM orders WHERE user_id = u.id)");
    }

    private static long count(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
