package dev.freshet.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.PostgresServer;

/** Bad inputs, row 47: what only a server of another kind says of itself. */
class ServerFactsIT {
    @TempDir
    Path directory;

    private PostgresServer server;

    private Database shopOn(Map<String, String> settings) throws SQLException {
        server = PostgresServer.with(directory.resolve("postgres"), settings);
        server.start();
        Database shop = server.createDatabase("shop");
        try (Connection connection = shop.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY,"
                    + " user_id bigint NOT NULL, total numeric, created_at timestamptz);"
                    + " ALTER TABLE orders REPLICA IDENTITY FULL;"
                    + " CREATE PUBLICATION p FOR TABLE users (id), orders");
        }
        return shop;
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Stop.Operator refusal(Database source) throws SQLException {
        try (Connection connection = source.connect()) {
            return catchThrowableOfType(
                    Stop.Operator.class, () -> new Preflight(PreflightIT.MAPPING, true).prepare(connection));
        }
    }

    @Test
    void aServerWhoseWalIsNotForDecodingIsRefusedWithTheStatement() throws Exception {
        Stop.Operator refusal = refusal(shopOn(Map.of("wal_level", "replica")));
        assertThat(refusal).hasMessageContaining("wal_level is replica");
        assertThat(refusal.cure()).isEqualTo("ALTER SYSTEM SET wal_level = logical; -- and restart the server");
    }

    @Test
    void aStandbyIsRefused() throws Exception {
        Database shop = shopOn(Map.of());
        server.stop();
        Files.createFile(directory.resolve("postgres/data/standby.signal"));
        server.start();
        Stop.Operator refusal = refusal(shop);
        assertThat(refusal).hasMessageContaining("The server is a standby");
        assertThat(refusal.cure()).isEqualTo("Connect to the primary.");
    }
}
