package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.ingest.log.FaultPoint.Place;

/** How much WAL the source keeps for us, while others write. */
class SlotRetentionIT {
    private static final long MEGABYTE = 1 << 20;
    private static final long WRITTEN = Long.getLong("freshet.wal.mb", 200) * MEGABYTE;

    private Deployment deployment;
    private String slot;

    @BeforeEach
    void deploy() throws Exception {
        deployment = new Deployment();
        slot = deployment.config().names().slot(1);
    }

    /** About 4 MB, in a table that is not ours. */
    private static void writeElsewhere(Shop shop) throws SQLException {
        shop.sql("INSERT INTO elsewhere SELECT repeat(md5(i::text), 60) FROM generate_series(1, 2000) i");
    }

    @Test
    void anIdleSourceKeepsLessThan64MegabytesWhileOtherTablesAreBusy() throws Exception {
        try (Shop shop = new Shop(deployment.database, 61);
                IngestService service = deployment.started()) {
            assumeThat(shop.serverVersion())
                    .as("PostgreSQL 15 notes only every 15 s which transactions run")
                    .isGreaterThanOrEqualTo(16);
            shop.addUsers(1);
            shop.sql("CREATE TABLE elsewhere (x text)");
            Deployment.awaitCaughtUp(service, shop);
            long begin = shop.lsn();
            AtomicLong most = new AtomicLong();
            await("written, at some 20 MB/s")
                    .atMost(Duration.ofMinutes(10))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        writeElsewhere(shop);
                        most.accumulateAndGet(shop.retained(slot), Math::max);
                        assertThat(service.ended().toCompletableFuture()).isNotDone();
                        return shop.lsn() - begin > WRITTEN;
                    });
            System.out.println("MB kept at most: " + most.get() / MEGABYTE);
            assertThat(most.get()).isLessThan(64 * MEGABYTE);
        }
    }

    @Test
    void whileTheEngineCannotCommitTheSlotIsDroppedBeforeTheDiskIsFull() throws Exception {
        deployment.settings.put("ingest.slot.max.retained.mb", "40");
        CountDownLatch blocked = new CountDownLatch(100);
        CountDownLatch release = new CountDownLatch(1);
        try (Shop shop = new Shop(deployment.database, 62);
                IngestService service = deployment.service(place -> {
                    blocked.countDown();
                    if (place == Place.BEFORE_COMMIT && blocked.getCount() == 0) {
                        awaitUninterrupted(release);
                    }
                })) {
            service.start();
            shop.addUsers(1);
            shop.sql("CREATE TABLE elsewhere (x text)");
            await("the engine stands still").atMost(Deployment.PATIENCE).until(() -> blocked.getCount() == 0);
            assertDroppedAbove40(service, shop);
            release.countDown();
        } finally {
            release.countDown();
        }
    }

    @Test
    void alsoWhileAnIngestThatWasStartedWaitsForABroker() throws Exception {
        deployment.settings.put("ingest.slot.max.retained.mb", "40");
        try (Shop shop = new Shop(deployment.database, 63)) {
            shop.addUsers(1);
            shop.sql("CREATE TABLE elsewhere (x text)");
            try (IngestService service = deployment.started()) {
                Deployment.awaitCaughtUp(service, shop);
            }
            deployment.settings.put("kafka.bootstrap.servers", "127.0.0.1:1");
            try (IngestService service = deployment.started()) {
                assertDroppedAbove40(service, shop);
            }
        }
    }

    private void assertDroppedAbove40(IngestService service, Shop shop) throws Exception {
        long before = shop.lsn();
        while (shop.lsn() - before < 20 * MEGABYTE) {
            writeElsewhere(shop);
        }
        await("not yet").during(Duration.ofSeconds(2)).until(() -> shop.hasSlot(slot));
        while (shop.lsn() - before < 44 * MEGABYTE) {
            writeElsewhere(shop);
        }
        Deployment.assertRefused(service, slot, "more than ingest.slot.max.retained.mb allows; the slot is dropped");
        await("dropped").atMost(Duration.ofSeconds(10)).until(() -> !shop.hasSlot(slot));
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
