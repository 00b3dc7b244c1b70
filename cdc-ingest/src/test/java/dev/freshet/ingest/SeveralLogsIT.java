package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

import dev.freshet.ingest.log.FaultPoint.Place;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Micros;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;
import dev.freshet.testkit.process.ChildJvm;

/** A log that is begun from the source beside the live one, which goes on. */
class SeveralLogsIT {
    private final Deployment deployment;
    private final Names names;

    SeveralLogsIT() throws Exception {
        deployment = new Deployment();
        names = deployment.config().names();
    }

    /** With a live generation, and nothing that runs. */
    private void begin(Shop shop) throws Exception {
        shop.addUsers(100);
        shop.copyOrders(8_000);
        try (IngestService service = deployment.started()) {
            Deployment.awaitCaughtUp(service, shop);
        }
        deployment.activate(1);
    }

    private void assertHolds(Shop shop, int... logs) throws Exception {
        for (int log : logs) {
            LogView.read(deployment.config(), log).assertHolds(shop);
        }
    }

    private static List<Integer> fed(IngestService service) {
        return service.progress().logs().stream().map(LogProgress::number).toList();
    }

    @Test
    void itIsFedWithinSecondsAndEndedWithItsSlotWhenNobodyReadsItAnyMore() throws Exception {
        try (Shop shop = new Shop(deployment.database, 71)) {
            begin(shop);
            Set<Thread> appending = ConcurrentHashMap.newKeySet();
            Set<Thread> resting = ConcurrentHashMap.newKeySet();
            try (IngestService service =
                    deployment.service(place -> appending.add(Thread.currentThread()), noting(resting))) {
                service.start();
                Deployment.awaitCaughtUp(service, shop);
                int second = deployment.replayFromSource();
                Duration oldest = oldestTickUntilBothAreFed(service, shop);
                System.out.println("age of the live log's newest tick during the snapshot, at most: " + oldest);
                assertThat(oldest).isLessThan(Duration.ofSeconds(5));
                assertThat(appending)
                        .as("who appends the snapshot gives way to the live log, and who appends that does not rest")
                        .anyMatch(resting::contains)
                        .anyMatch(thread -> !resting.contains(thread));
                shop.transaction(50);
                Deployment.awaitCaughtUp(service, shop, 1);
                Deployment.awaitCaughtUp(service, shop, second);
                assertHolds(shop, 1, second);
                deployment.repair(1, "1", "2");
                deployment.repair(second, "1", "2");

                try (Connection connection = deployment.database.connect()) {
                    new Generations(connection).abandon(second, "in a test");
                }
                await("its end").atMost(Duration.ofSeconds(20)).until(() -> !shop.hasSlot(names.slot(second)));
                await("told").atMost(Duration.ofSeconds(5)).until(() -> fed(service)
                        .equals(List.of(1)));
                shop.transaction(10);
                Deployment.awaitCaughtUp(service, shop);
                assertThat(LogView.read(deployment.config(), 1).rows()).isEqualTo(shop.rows());
            }
        }
    }

    private static Time noting(Set<Thread> resting) {
        return new Time() {
            @Override
            public Instant now() {
                return Time.system().now();
            }

            @Override
            public long nanoTime() {
                return Time.system().nanoTime();
            }

            @Override
            public void pause(Duration duration) throws InterruptedException {
                if (duration.toNanos() > 0) {
                    resting.add(Thread.currentThread());
                }
                Time.system().pause(duration);
            }
        };
    }

    private static Duration oldestTickUntilBothAreFed(IngestService service, Shop shop) {
        Duration[] oldest = {Duration.ZERO};
        await("both are fed")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    shop.transaction(2);
                    Duration age = Duration.between(
                            Micros.toInstant(service.progress().tickTime()),
                            Time.system().now());
                    oldest[0] = age.compareTo(oldest[0]) > 0 ? age : oldest[0];
                    List<LogProgress> logs = service.progress().logs();
                    return logs.size() == 2 && logs.get(1).phase() == IngestProgress.Phase.STREAMING;
                });
        return oldest[0];
    }

    @Test
    void killedInItsSnapshotItIsBegunAnewAndTheLiveOneGoesOnWhereItWas() throws Exception {
        try (Shop shop = new Shop(deployment.database, 72)) {
            begin(shop);
            int since = shop.committed.size();
            int second = deployment.replayFromSource();
            try (ChildJvm child = ChildJvm.running(IngestProcess.class)
                    .jvmOptions("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                    .arguments(
                            deployment.write().toString(),
                            Place.BEFORE_COMMIT.name(),
                            "rows",
                            "4000",
                            Path.of("target", "never").toAbsolutePath().toString())
                    .start()) {
                await("within the snapshot").atMost(Deployment.PATIENCE).until(() -> {
                    shop.transaction(3);
                    assertThat(child.isAlive()).as(child.output()).isTrue();
                    return child.output().contains(IngestProcess.STANDING);
                });
                child.killHard();
            }
            shop.transaction(10);
            int third = second + 1;
            try (IngestService service = deployment.started()) {
                await("begun anew").atMost(Deployment.PATIENCE).until(() -> fed(service)
                        .equals(List.of(1, third)));
                shop.transaction(10);
                Deployment.awaitCaughtUp(service, shop, third);
                Deployment.awaitCaughtUp(service, shop, 1);
                assertThat(shop.hasSlot(names.slot(second))).isFalse();
            }
            assertHolds(shop, 1, third);
            LogView.read(deployment.config(), 1).assertNothingMissingSince(shop, since);
            try (Connection connection = deployment.database.connect()) {
                Generations generations = new Generations(connection);
                assertThat(generations.find(second).orElseThrow().state()).isEqualTo(GenerationState.ABANDONED);
                assertThat(generations.find(third).orElseThrow().livesByItself())
                        .isFalse();
            }
        }
    }

    @Test
    void oneThatCannotBeResumedIsLeftAloneWhileAnotherIsBuiltInItsPlace() throws Exception {
        try (Shop shop = new Shop(deployment.database, 73)) {
            begin(shop);
            Deployment.dropSlot(shop, names.slot(1));
            deployment.replayFromSource();
            try (IngestService service = deployment.started()) {
                Deployment.assertRefused(service, "the replication slot is gone");
            }
            deployment.beginNextGeneration();
            try (IngestService service = deployment.started()) {
                await("the new one only").atMost(Deployment.PATIENCE).until(() -> fed(service)
                        .equals(List.of(3)));
                shop.transaction(10);
                Deployment.awaitCaughtUp(service, shop, 3);
                assertHolds(shop, 3);
            }
        }
    }

    @Test
    void aBuildWhoseConnectionIsCutGoesOnWhereItWasAndTheLiveOneNoticesNothing() throws Exception {
        try (Shop shop = new Shop(deployment.database, 77)) {
            begin(shop);
            int second = deployment.replayFromSource();
            try (IngestService service = deployment.started()) {
                await("both are fed").atMost(Deployment.PATIENCE).until(() -> isFollowing(service, second));
                for (int cut = 1; cut <= 2; cut++) {
                    shop.sql("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active"
                            + " AND slot_name = '" + names.slot(second) + "'");
                    shop.transaction(10);
                    Deployment.awaitCaughtUp(service, shop, second);
                }
                Deployment.awaitCaughtUp(service, shop, 1);
                assertThat(service.ended().toCompletableFuture()).isNotDone();
                assertHolds(shop, 1, second);
            }
        }
    }

    @Test
    void aBuildThatFailsInItsSnapshotIsBegunAnewAndTheLiveOneNoticesNothing() throws Exception {
        AtomicBoolean isBuilding = new AtomicBoolean();
        AtomicBoolean hasFailed = new AtomicBoolean();
        Set<Thread> ofTheLive = ConcurrentHashMap.newKeySet();
        try (Shop shop = new Shop(deployment.database, 78)) {
            begin(shop);
            try (IngestService service = deployment.service(place -> {
                Thread here = Thread.currentThread();
                if (!isBuilding.get()) {
                    ofTheLive.add(here);
                } else if (isAppendingABuild(here, ofTheLive) && hasFailed.compareAndSet(false, true)) {
                    throw new Stop.Restart("in a test");
                }
            })) {
                service.start();
                shop.transaction(10);
                Deployment.awaitCaughtUp(service, shop);
                isBuilding.set(true);
                int third = deployment.replayFromSource() + 1;
                await("begun anew").atMost(Deployment.PATIENCE).until(() -> isFollowing(service, third));
                shop.transaction(10);
                Deployment.awaitCaughtUp(service, shop, third);
                Deployment.awaitCaughtUp(service, shop, 1);
                assertThat(hasFailed).isTrue();
                assertThat(service.ended().toCompletableFuture()).isNotDone();
                assertHolds(shop, 1, third);
            }
        }
    }

    private static boolean isAppendingABuild(Thread thread, Set<Thread> ofTheLive) {
        return !ofTheLive.contains(thread) && !thread.getName().startsWith("ingest-g");
    }

    @Test
    void aBuildThatLosesItsSlotIsGivenUpAndTheLiveOneGoesOn() throws Exception {
        try (Shop shop = new Shop(deployment.database, 74)) {
            begin(shop);
            int second = deployment.replayFromSource();
            try (IngestService service = deployment.started()) {
                await("both are fed").atMost(Deployment.PATIENCE).until(() -> isFollowing(service, second));
                await("lost").atMost(Deployment.PATIENCE).ignoreExceptions().until(() -> {
                    shop.sql("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active"
                            + " AND slot_name = '" + names.slot(second) + "'");
                    shop.sql("SELECT pg_drop_replication_slot('" + names.slot(second) + "')");
                    return true;
                });
                await("given up").atMost(Deployment.PATIENCE).until(() -> fed(service)
                        .equals(List.of(1)));
                assertGivenUp(second, "the replication slot is gone");
                shop.transaction(10);
                Deployment.awaitCaughtUp(service, shop);
                assertHolds(shop, 1);
            }
        }
    }

    @Test
    void aBuildForWhichTheSourceKeepsTooMuchIsGivenUpAndTheLiveOneGoesOn() throws Exception {
        deployment.settings.put("ingest.slot.max.retained.mb", "40");
        Set<Thread> ofTheLive = ConcurrentHashMap.newKeySet();
        AtomicBoolean isBuilding = new AtomicBoolean();
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (Shop shop = new Shop(deployment.database, 75)) {
            begin(shop);
            shop.sql("CREATE TABLE elsewhere (x text)");
            try (IngestService service = deployment.service(place -> {
                Thread here = Thread.currentThread();
                if (!isBuilding.get()) {
                    ofTheLive.add(here);
                } else if (isAppendingABuild(here, ofTheLive)) {
                    blocked.countDown();
                    awaitUninterrupted(release);
                }
            })) {
                service.start();
                shop.transaction(10);
                Deployment.awaitCaughtUp(service, shop);
                isBuilding.set(true);
                int second = deployment.replayFromSource();
                assertThat(blocked.await(60, TimeUnit.SECONDS)).isTrue();
                await("given up").atMost(Deployment.PATIENCE).until(() -> {
                    shop.sql("INSERT INTO elsewhere SELECT repeat(md5(i::text), 60) FROM generate_series(1, 2000) i");
                    return !shop.hasSlot(names.slot(second));
                });
                assertGivenUp(second, "more than ingest.slot.max.retained.mb allows");
                await("ended").atMost(Deployment.PATIENCE).until(() -> fed(service)
                        .equals(List.of(1)));
                shop.transaction(10);
                Deployment.awaitCaughtUp(service, shop);
                assertHolds(shop, 1);
            } finally {
                release.countDown();
            }
        }
    }

    @Test
    void theOnlySlotOfAnOlderVersionIsGoneOnFrom() throws Exception {
        try (Shop shop = new Shop(deployment.database, 76)) {
            begin(shop);
            deployment.beginNextGeneration();
            try (IngestService service = deployment.started()) {
                await("both are fed").atMost(Deployment.PATIENCE).until(() -> isFollowing(service, 2));
            }
            deployment.activate(2);
            shop.sql("SELECT pg_drop_replication_slot('" + names.slot(1) + "')");
            shop.sql("SELECT pg_copy_logical_replication_slot('" + names.slot(2) + "', '" + names.slot(1) + "')");
            shop.sql("SELECT pg_drop_replication_slot('" + names.slot(2) + "')");
            shop.transaction(10);
            try (IngestService service = deployment.started()) {
                Deployment.awaitCaughtUp(service, shop);
                assertThat(fed(service)).containsExactly(2);
                assertThat(shop.hasSlot(names.slot(1))).isFalse();
            }
            assertHolds(shop, 2);
        }
    }

    private static boolean isFollowing(IngestService service, int log) {
        return service.progress().logs().stream()
                .anyMatch(one -> one.number() == log && one.phase() == IngestProgress.Phase.STREAMING);
    }

    private void assertGivenUp(int generation, String why) throws Exception {
        try (Connection connection = deployment.database.connect()) {
            Generation given = new Generations(connection).find(generation).orElseThrow();
            assertThat(given.state()).isEqualTo(GenerationState.ABANDONED);
            assertThat(given.note()).contains(why);
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
