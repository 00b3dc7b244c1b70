package dev.freshet.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerIT {
    @TempDir
    Path directory;

    @Test
    void createsLogicalSlotsAndIsDurable() throws Exception {
        try (PostgresServer server = startedIn("postgres")) {
            Database shop = server.createDatabase("shop");
            assertThat(query(shop, "SELECT pg_create_logical_replication_slot('s', 'pgoutput') IS NOT NULL"))
                    .isEqualTo("t");
            assertThat(query(shop, "SELECT slot_name FROM pg_replication_slots"))
                    .isEqualTo("s");
            assertThat(query(shop, "SHOW fsync")).isEqualTo("on");
            assertThat(query(shop, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(query(shop, "SHOW server_version")).startsWith("17.");
            assertThat(query(shop, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void asksForItsPasswordAndKeepsItToItsOwner() throws Exception {
        try (PostgresServer server = startedIn("postgres")) {
            assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl("postgres"), server.user(), "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            Path file = directory.resolve("postgres").resolve("password");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void keepsCommittedRowsAndSlotsOverKillAndRestart() throws Exception {
        try (PostgresServer server = startedIn("postgres")) {
            Database shop = server.createDatabase("shop");
            update(shop, "CREATE TABLE t (id INT)");
            query(shop, "SELECT pg_create_logical_replication_slot('s', 'pgoutput') IS NOT NULL");
            update(shop, "INSERT INTO t VALUES (42)");
            int port = server.port();

            server.killHard();
            assertThat(server.isRunning()).isFalse();
            server.restart();

            assertThat(server.port()).isEqualTo(port);
            assertThat(query(shop, "SELECT id FROM t")).isEqualTo("42");
            assertThat(query(shop, "SELECT slot_name FROM pg_replication_slots"))
                    .isEqualTo("s");
        }
    }

    @Test
    void restoresWhatABackupHolds() throws Exception {
        Path backup = directory.resolve("backup");
        try (PostgresServer server = startedIn("postgres")) {
            Database shop = server.createDatabase("shop");
            update(shop, "CREATE TABLE t (id INT)");
            update(shop, "INSERT INTO t VALUES (42)");
            assertThatThrownBy(() -> server.backUp(backup)).isInstanceOf(IllegalStateException.class);
            server.stop();
            server.backUp(backup);
            for (int time = 1; time <= 2; time++) {
                server.start();
                update(shop, "UPDATE t SET id = 43");
                server.killHard();
                server.restore(backup);
            }
            server.start();
            assertThat(query(shop, "SELECT id FROM t")).isEqualTo("42");
        }
    }

    @Test
    void replacesServerThatAnEarlierRunLeftBehind() throws Exception {
        PostgresServer leftBehind = startedIn("postgres");
        Database before = leftBehind.createDatabase("shop");
        update(before, "CREATE TABLE t AS SELECT 7 AS id");
        try (PostgresServer server = startedIn("postgres")) {
            assertThat(leftBehind.isRunning()).isFalse();
            assertThat(query(server.database("shop"), "SELECT id FROM t")).isEqualTo("7");
        }
    }

    @Test
    void tellsWhyItCouldNotStart() throws Exception {
        try (PostgresServer first = startedIn("first")) {
            PostgresServer second = new PostgresServer(directory.resolve("second"), first.port());
            assertThatThrownBy(second::start)
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("could not bind");
        }
    }

    private PostgresServer startedIn(String name) {
        PostgresServer server = new PostgresServer(directory.resolve(name), 0);
        server.start();
        return server;
    }

    private static String query(Database database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).as(sql).isTrue();
            return rows.getString(1);
        }
    }

    private static void update(Database database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
