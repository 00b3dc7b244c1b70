package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.ingest.log.FaultPoint.Place;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.lifecycle.ExitCode;
import dev.freshet.testkit.process.ChildJvm;

/** kill -9 at the places where it could cost a change or write one twice. */
class IngestKillIT {
    private final Path release = Path.of("target", "release-" + System.nanoTime());

    private ChildJvm child(Deployment deployment, Place place, String unit, long n) {
        return ChildJvm.running(IngestProcess.class)
                .jvmOptions("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                .arguments(
                        deployment.write().toString(),
                        place.name(),
                        unit,
                        Long.toString(n),
                        release.toAbsolutePath().toString())
                .start();
    }

    /** Meanwhile, if a shop is given, it goes on. */
    private static void awaitStandStill(ChildJvm child, Shop busy) throws Exception {
        await("the child stands still")
                .atMost(Deployment.PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    if (busy != null) {
                        busy.transaction(3);
                    }
                    assertThat(child.isAlive()).as(child.output()).isTrue();
                    return child.output().contains(IngestProcess.STANDING);
                });
    }

    private static void snapshot(Deployment deployment, Shop shop) throws Exception {
        try (IngestService service = deployment.started()) {
            Deployment.awaitCaughtUp(service, shop);
        }
    }

    private static void goOnAndCheck(Deployment deployment, Shop shop, int since) throws Exception {
        goOn(deployment, shop, 1).assertNothingMissingSince(shop, since);
    }

    private static LogView goOn(Deployment deployment, Shop shop, int generation) throws Exception {
        shop.transaction(10);
        try (IngestService service = deployment.started()) {
            Deployment.awaitCaughtUp(service, shop);
            assertThat(service.progress().generation()).isEqualTo(generation);
        }
        LogView log = LogView.read(deployment.config(), generation);
        log.assertHolds(shop);
        return log;
    }

    @Test
    void inTheMiddleOfACopy() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 11)) {
            shop.addUsers(40);
            snapshot(deployment, shop);
            int since = shop.committed.size();
            shop.copyOrders(6_000);
            try (ChildJvm child = child(deployment, Place.COMMITTED, "passing", 4)) {
                awaitStandStill(child, null);
                child.killHard();
            }
            goOnAndCheck(deployment, shop, since);
        }
    }

    @Test
    void inTheMiddleOfALargeTransactionTwice() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 12)) {
            shop.addUsers(40);
            snapshot(deployment, shop);
            int since = shop.committed.size();
            shop.transaction(20);
            shop.transaction(5_000);
            for (int kill = 0; kill < 2; kill++) {
                try (ChildJvm child = child(deployment, Place.BEFORE_COMMIT, "passing", 3)) {
                    awaitStandStill(child, shop);
                    child.killHard();
                }
            }
            goOnAndCheck(deployment, shop, since);
        }
    }

    @Test
    void betweenCommitAndAcknowledgement() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 13)) {
            shop.addUsers(40);
            snapshot(deployment, shop);
            int since = shop.committed.size();
            for (int i = 0; i < 100; i++) {
                shop.transaction(3);
            }
            try (ChildJvm child = child(deployment, Place.COMMITTED, "passing", 1)) {
                awaitStandStill(child, shop);
                child.killHard();
            }
            goOnAndCheck(deployment, shop, since);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 0.99})
    void duringTheSnapshot(double part) throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 14)) {
            shop.addUsers(100);
            shop.copyOrders(8_000);
            // Before the commit: behind it, the last rows may already have the snapshot's end with them.
            try (ChildJvm child = child(deployment, Place.BEFORE_COMMIT, "rows", (long) (8_100 * part))) {
                awaitStandStill(child, shop);
                child.killHard();
            }
            // The next snapshot has only what is left by then of what was done before it.
            goOn(deployment, shop, 2);
            try (Connection connection = deployment.database.connect()) {
                Generations generations = new Generations(connection);
                assertThat(generations.find(1).orElseThrow().state()).isEqualTo(GenerationState.ABANDONED);
                assertThat(generations.find(2).orElseThrow().state()).isEqualTo(GenerationState.BUILDING);
            }
        }
    }

    @Test
    void aZombieThatWakesUpWritesNothing() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 15)) {
            shop.addUsers(40);
            snapshot(deployment, shop);
            int since = shop.committed.size();
            shop.transaction(200);
            try (ChildJvm zombie = child(deployment, Place.BEFORE_COMMIT, "passing", 1)) {
                awaitStandStill(zombie, shop);
                // As when the network parts them: the source has given up on the zombie's sessions, it does not know.
                shop.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND application_name = 'freshet-ingest'");
                goOnAndCheck(deployment, shop, since);
                Files.createFile(release);
                assertThat(zombie.exitCode(Deployment.PATIENCE)).isEqualTo(ExitCode.TEMPORARY.code());
            }
            goOnAndCheck(deployment, shop, since);
        } finally {
            Files.deleteIfExists(release);
        }
    }
}
