package dev.freshet.testkit.servers;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** PostgreSQL 17 with logical decoding, and as durable as in production: fsync and synchronous_commit are on. */
public interface DatabaseServer {
    /** The URL of one database of this server, with its superuser's login. */
    Database database(String name);

    /** Creates the database when it does not exist. */
    default Database createDatabase(String name) {
        try (Connection connection = database("postgres").connect();
                Statement statement = connection.createStatement()) {
            String quoted = statement.enquoteLiteral(name);
            ResultSet found = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = " + quoted);
            if (!found.next()) {
                statement.execute("CREATE DATABASE " + statement.enquoteIdentifier(name, true));
            }
            return database(name);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create database " + name, e);
        }
    }
}
