package dev.freshet.serving.export;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** A database that is source and target, with the tables of the contract. */
final class Shop implements AutoCloseable {
    private final Database database = SharedServers.get().newDatabase();
    private final Connection connection;

    Shop() throws SQLException {
        connection = database.connect();
        run("SET TIME ZONE 'UTC'");
    }

    /** Without the foreign key: so orders of users that do not exist can be written. */
    static Shop standard() throws SQLException {
        Shop shop = new Shop();
        shop.run("CREATE TABLE users (id BIGSERIAL PRIMARY KEY, email TEXT, created_at TIMESTAMPTZ DEFAULT now())");
        shop.run("CREATE TABLE orders (id BIGSERIAL PRIMARY KEY, user_id BIGINT NOT NULL, total NUMERIC NOT NULL,"
                + " created_at TIMESTAMPTZ DEFAULT now())");
        return shop;
    }

    /** @param settings key, value, key, value */
    FreshetConfig config(String... settings) {
        Map<String, String> values = new HashMap<>();
        for (String side : List.of("source", "target")) {
            values.put(side + ".url", database.jdbcUrl());
            values.put(side + ".user", database.user());
            values.put(side + ".password", database.password());
        }
        values.put("kafka.bootstrap.servers", "localhost:1");
        values.put("schema.registry.url", "http://localhost:1");
        for (int i = 0; i < settings.length; i += 2) {
            values.put(settings[i], settings[i + 1]);
        }
        return FreshetConfig.of(values);
    }

    Connection connection() {
        return connection;
    }

    void run(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** @param createdAt null for SQL NULL */
    void order(Object user, String total, String createdAt) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO orders (user_id, total, created_at) VALUES (?, ?::numeric, ?::timestamptz)")) {
            insert.setObject(1, user);
            insert.setString(2, total);
            insert.setString(3, createdAt);
            insert.execute();
        }
    }

    /** Each row as a line of CSV; nothing for NULL. */
    List<String> query(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return lines(rows);
        }
    }

    static List<String> lines(ResultSet rows) throws SQLException {
        List<String> lines = new ArrayList<>();
        while (rows.next()) {
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                String value = rows.getString(i);
                values.add(value == null ? "" : value);
            }
            lines.add(String.join(",", values));
        }
        return lines;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
