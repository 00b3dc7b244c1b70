package dev.freshet.testkit.servers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A database of a server, and how to log in to it. */
public record Database(String name, String jdbcUrl, String user, String password) {
    /** A new connection, in autocommit mode. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl, user, password);
    }

    @Override
    public String toString() {
        return "Database[" + jdbcUrl + "]";
    }
}
