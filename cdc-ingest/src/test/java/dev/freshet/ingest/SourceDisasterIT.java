package dev.freshet.ingest;

import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.ingest.log.FaultPoint.Place;
import dev.freshet.testkit.servers.PostgresServer;

/** A source that is restored, fails over, or removes WAL that was not read: a server of its own. */
class SourceDisasterIT {
    @TempDir
    Path directory;

    private Path home;
    private PostgresServer server;
    private Deployment deployment;

    @BeforeEach
    void start() throws Exception {
        home = directory.resolve("postgres");
        server = new PostgresServer(home, 0);
        server.start();
        deployment = new Deployment(server.createDatabase("shop"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void feed(long seed) throws Exception {
        try (Shop shop = Shop.keepingSlots(deployment.database, seed);
                IngestService service = deployment.started()) {
            shop.sql("INSERT INTO users (email) VALUES ('" + seed + "')");
            Deployment.awaitCaughtUp(service, shop);
        }
    }

    private void assertRefused(String... words) throws Exception {
        try (IngestService service = deployment.started()) {
            Deployment.assertRefused(service, words);
        }
    }

    @Test
    void oneThatWasRestoredFromABackupIsToldByTheEndOfItsWal() throws Exception {
        feed(1);
        server.stop();
        Path backup = directory.resolve("backup");
        server.backUp(backup);
        server.start();
        feed(2);
        server.stop();
        server.restore(backup);
        server.start();
        assertRefused("which the log has reached: it was restored from a backup");
        deployment.beginNextGeneration();
        feed(3);
    }

    @Test
    void oneThatFailedOverIsToldByItsTimeline() throws Exception {
        feed(1);
        server.stop();
        Files.createFile(home.resolve("data").resolve("standby.signal"));
        server.start();
        sql("SELECT pg_promote()");
        assertRefused("the source is", "timeline=2", "the log was made from", "timeline=1");
        deployment.beginNextGeneration();
        feed(2);
    }

    @Test
    void oneThatRemovedWalWhichWasNotReadStopsIngestWithinSeconds() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        feed(1);
        sql("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'");
        sql("SELECT pg_reload_conf()");
        try (IngestService service = deployment.service(place -> {
            if (place == Place.BEFORE_COMMIT) {
                blocked.countDown();
                awaitUninterrupted(release);
            }
        })) {
            service.start();
            blocked.await();
            removeWalUntilLost();
            Deployment.assertRefused(service, "the replication slot is lost");
            release.countDown();
        } finally {
            release.countDown();
        }
        assertRefused("the replication slot is lost");
        deployment.beginNextGeneration();
        feed(2);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void removeWalUntilLost() throws Exception {
        try (Connection connection = deployment.database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE other (x int)");
            await("lost").atMost(Deployment.PATIENCE).until(() -> {
                statement.execute("INSERT INTO other VALUES (1)");
                statement.execute("SELECT pg_switch_wal()");
                statement.execute("CHECKPOINT");
                ResultSet lost =
                        statement.executeQuery("SELECT bool_and(wal_status = 'lost') FROM pg_replication_slots");
                return lost.next() && lost.getBoolean(1);
            });
        }
    }

    private void sql(String sql) throws Exception {
        try (Connection connection = deployment.database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
