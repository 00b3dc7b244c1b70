package dev.freshet.ops;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import dev.freshet.testkit.servers.Database;

/** The two source tables of the contract, without the foreign key: so orders of users that do not exist can be written. */
public final class Shop implements AutoCloseable {
    private final Connection connection;

    public Shop(Database database) throws SQLException {
        connection = database.connect();
        run("CREATE TABLE users (id BIGSERIAL PRIMARY KEY, email TEXT, created_at TIMESTAMPTZ DEFAULT now())");
        run("CREATE TABLE orders (id BIGSERIAL PRIMARY KEY, user_id BIGINT NOT NULL, total NUMERIC NOT NULL,"
                + " created_at TIMESTAMPTZ DEFAULT now())");
    }

    public Connection connection() {
        return connection;
    }

    public void user(long id) throws SQLException {
        run("INSERT INTO users (id) VALUES (" + id + ")");
    }

    /** @param createdAt null for SQL NULL */
    public void order(long user, String total, String createdAt) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO orders (user_id, total, created_at) VALUES (?, ?::numeric, ?::timestamptz)")) {
            insert.setLong(1, user);
            insert.setString(2, total);
            insert.setString(3, createdAt);
            insert.execute();
        }
    }

    public void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Each row as its columns' texts, joined by a bar; "-" for NULL. */
    public List<String> query(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> lines = new ArrayList<>();
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    String value = rows.getString(i);
                    values.add(value == null ? "-" : value);
                }
                lines.add(String.join("|", values));
            }
            return lines;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
