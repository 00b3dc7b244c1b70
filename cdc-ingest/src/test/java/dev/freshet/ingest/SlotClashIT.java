package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.runtime.config.ConfigException;
import dev.freshet.runtime.lifecycle.ExitCode;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.PostgresServer;

/** Bad inputs, row 27: two deployments of one name on one server, which has its slots in common, or on one broker. */
class SlotClashIT {
    @Test
    void theSecondIsRefusedBeforeItDisturbsTheFirst() throws Exception {
        Deployment first = new Deployment();
        Deployment second = new Deployment();
        String name = String.valueOf(first.settings.get("name"));
        second.settings.put("name", name);
        try (Shop shop = new Shop(first.database, 1);
                IngestService running = first.started()) {
            shop.addUsers(3);
            Deployment.awaitCaughtUp(running, shop);

            try (IngestService refused = second.started()) {
                CompletableFuture<Void> ended = refused.ended().toCompletableFuture();
                await().atMost(Deployment.PATIENCE).until(ended::isCompletedExceptionally);
                assertThat(ended)
                        .isCompletedExceptionally()
                        .failsWithin(Deployment.PATIENCE)
                        .withThrowableThat()
                        .withCauseInstanceOf(ConfigException.class)
                        .withMessageContaining("name = '" + name + "': replication slot " + name + "_slot is another's,"
                                + " which is running, in database ")
                        .withMessageContaining("choose another name")
                        .satisfies(failure -> assertThat(ExitCode.of(failure)).isEqualTo(ExitCode.USAGE));
            }
            assertNothingDone(second.database);
            shop.transaction(5);
            Deployment.awaitCaughtUp(running, shop);
        }
    }

    @Test
    void theSecondOnAnotherServerIsRefusedBeforeItFencesTheFirst(@TempDir Path directory) throws Exception {
        try (PostgresServer server = new PostgresServer(directory.resolve("postgres"), 0)) {
            server.start();
            Database other = server.createDatabase("other");
            Deployment first = new Deployment();
            Deployment second = new Deployment(other);
            String name = String.valueOf(first.settings.get("name"));
            second.settings.put("name", name);
            try (Shop shop = new Shop(first.database, 2);
                    IngestService running = first.started()) {
                shop.addUsers(3);
                Deployment.awaitCaughtUp(running, shop);

                try (IngestService refused = second.started()) {
                    CompletableFuture<Void> ended = refused.ended().toCompletableFuture();
                    assertThat(ended)
                            .failsWithin(Deployment.PATIENCE)
                            .withThrowableThat()
                            .withCauseInstanceOf(ConfigException.class)
                            .withMessageContaining("name = '" + name + "': topic " + name
                                    + ".positions is another deployment's: the source is ")
                            .withMessageContaining("choose another name")
                            .satisfies(
                                    failure -> assertThat(ExitCode.of(failure)).isEqualTo(ExitCode.USAGE));
                }
                assertNothingDone(other);
                shop.transaction(5);
                Deployment.awaitCaughtUp(running, shop);
            }
        }
    }

    private static void assertNothingDone(Database database) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            ResultSet row = statement.executeQuery(
                    "SELECT (SELECT count(*) FROM pg_publication), to_regclass('freshet_generation')");
            row.next();
            assertThat(row.getInt(1)).as("publications").isZero();
            assertThat(row.getString(2)).isNull();
        }
    }
}
