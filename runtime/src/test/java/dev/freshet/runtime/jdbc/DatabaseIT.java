package dev.freshet.runtime.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.runtime.config.DatabaseLogin;
import dev.freshet.runtime.config.Secret;
import dev.freshet.testkit.servers.PostgresServer;

class DatabaseIT {
    @TempDir
    static Path directory;

    @Test
    void connectionsGiveUpInTimeAndFailuresSayWhatToDo() throws SQLException {
        PostgresServer server = new PostgresServer(directory.resolve("postgres"), 0);
        server.start();
        Timeouts timeouts = new Timeouts(
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofMillis(300),
                Duration.ofMillis(200),
                Duration.ofMillis(400));
        Database database = database(server, server.password(), timeouts);
        try (server;
                Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA \"of Features\"");
            statement.execute("CREATE TABLE t (id int PRIMARY KEY)");

            assertThat(text(statement, "SHOW application_name")).isEqualTo("freshet-test");
            assertThat(text(statement, "SHOW timezone")).isEqualTo("UTC");
            assertThat(text(statement, "SHOW lock_timeout")).isEqualTo("200ms");
            assertThat(text(statement, "SHOW idle_in_transaction_session_timeout"))
                    .isEqualTo("400ms");
            assertThat(text(statement, "SELECT schemaname::text FROM pg_tables WHERE tablename = 't'"))
                    .isEqualTo("of Features");

            assertThat(faultOf(statement, "SELECT pg_sleep(5)")).isEqualTo(SqlFault.WAIT);
            assertThat(faultOf(statement, "SELECT 'x'::int")).isEqualTo(SqlFault.ROW);
            assertThat(faultOf(statement, "SELECT * FROM nothing")).isEqualTo(SqlFault.STOP);
            assertThat(faultOfLogin(database(server, "wrong", timeouts))).isEqualTo(SqlFault.STOP);
            try (Connection other = database.open();
                    Statement holding = other.createStatement()) {
                other.setAutoCommit(false);
                holding.execute("LOCK TABLE t");
                assertThat(faultOf(statement, "SELECT * FROM t")).isEqualTo(SqlFault.RETRY);
            }

            server.killHard();
            assertThat(faultOf(statement, "SELECT 1")).isEqualTo(SqlFault.WAIT);
            assertThat(faultOfLogin(database)).isEqualTo(SqlFault.WAIT);
        }
    }

    private static Database database(PostgresServer server, String password, Timeouts timeouts) {
        DatabaseLogin login = new DatabaseLogin(server.jdbcUrl("postgres"), server.user(), new Secret(password));
        return new Database(login, "of Features", "freshet-test", timeouts);
    }

    private static SqlFault faultOf(Statement statement, String sql) {
        return SqlFault.of(catchThrowableOfType(SQLException.class, () -> statement.execute(sql)));
    }

    private static SqlFault faultOfLogin(Database database) {
        return SqlFault.of(
                catchThrowableOfType(SQLException.class, () -> database.open().close()));
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
