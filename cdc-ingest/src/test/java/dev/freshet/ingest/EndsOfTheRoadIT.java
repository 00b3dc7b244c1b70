package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;

/** What the brokers, the target or a person took away: ingest stops with the reason, and the next generation goes on. */
class EndsOfTheRoadIT {
    private final Deployment deployment;
    private final Names names;

    EndsOfTheRoadIT() throws Exception {
        deployment = new Deployment();
        names = deployment.config().names();
    }

    private void fill(Shop shop) throws Exception {
        shop.addUsers(5);
        shop.transaction(20);
        try (IngestService service = deployment.started()) {
            Deployment.awaitCaughtUp(service, shop);
        }
    }

    private void assertRefused(String... words) throws Exception {
        try (IngestService service = deployment.started()) {
            Deployment.assertRefused(service, words);
        }
    }

    private void assertFeeds(int generation, Shop shop) throws Exception {
        shop.transaction(10);
        try (IngestService service = deployment.started()) {
            Deployment.awaitCaughtUp(service, shop);
            assertThat(service.progress().generation()).isEqualTo(generation);
        }
        LogView.read(deployment.config(), generation).assertHolds(shop);
    }

    @Test
    void aSlotThatIsDroppedUnderTheReaderIsNotGoneOnFrom() throws Exception {
        try (Shop shop = new Shop(deployment.database, 51);
                IngestService service = deployment.started()) {
            shop.addUsers(5);
            Deployment.awaitCaughtUp(service, shop);
            await("dropped").atMost(Deployment.PATIENCE).ignoreExceptions().until(() -> {
                shop.sql(
                        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active AND slot_name = '"
                                + names.slot(1) + "'");
                shop.sql("SELECT pg_drop_replication_slot('" + names.slot(1) + "')");
                return true;
            });
            assertThat(Deployment.reason(service))
                    .as("the end of its connection")
                    .isInstanceOf(Stop.class);
            assertRefused("the replication slot is gone");
        }
    }

    @Test
    void aLiveGenerationWhoseBrokersWereWipedIsBegunAnewByAPerson() throws Exception {
        try (Shop shop = new Shop(deployment.database, 52)) {
            fill(shop);
            deployment.activate(1);
            deployment.lose(names.changes(1), names.positions());
            assertRefused("the brokers have no position of it: they have lost what they held");
            deployment.beginNextGeneration();
            assertFeeds(2, shop);
        }
    }

    /** The fault matrix, row 22. */
    @Test
    void aLiveGenerationWhosePositionIsTornIsBegunAnewByAPerson() throws Exception {
        try (Shop shop = new Shop(deployment.database, 57)) {
            fill(shop);
            deployment.activate(1);
            deployment.tearPosition(1);
            assertRefused("cannot be read");
            deployment.beginNextGeneration();
            assertFeeds(2, shop);
        }
    }

    @Test
    void oneThatNobodyReadsYetIsBegunAnewByItself() throws Exception {
        try (Shop shop = new Shop(deployment.database, 53)) {
            fill(shop);
            deployment.lose(names.changes(1), names.positions());
            assertFeeds(2, shop);
        }
    }

    @Test
    void aLogThatIsLostWithoutItsPositionIsNotGoneOnWith() throws Exception {
        try (Shop shop = new Shop(deployment.database, 54)) {
            fill(shop);
            deployment.lose(names.changes(1));
            assertRefused("partitions of its log are empty: the brokers have lost what they held");
            deployment.beginNextGeneration();
            assertFeeds(2, shop);
        }
    }

    @Test
    void aRegisterThatIsOlderThanTheBrokersIsNotBelieved() throws Exception {
        try (Shop shop = new Shop(deployment.database, 55)) {
            fill(shop);
            deployment.beginNextGeneration();
            assertFeeds(2, shop);
            shop.sql("DELETE FROM freshet_generation WHERE generation = 2");
            assertRefused("the brokers have topics of generation 2, and the register in the target ends at 1");
            deployment.beginNextGeneration();
            assertFeeds(3, shop);

            shop.sql("DROP TABLE freshet_generation");
            assertFeeds(4, shop);
        }
    }

    @Test
    void aPositionOlderThanWhatCompactionKeepsIsNotGoneOnFrom() throws Exception {
        try (Shop shop = new Shop(deployment.database, 56)) {
            fill(shop);
            try (IngestService service = deployment.service(inAWeek())) {
                service.start();
                Deployment.assertRefused(service, "the position is 7 days old");
            }
        }
    }

    private static Time inAWeek() {
        return new Time() {
            @Override
            public Instant now() {
                return Time.system().now().plus(Duration.ofDays(7));
            }

            @Override
            public long nanoTime() {
                return Time.system().nanoTime();
            }

            @Override
            public void pause(Duration duration) throws InterruptedException {
                Time.system().pause(duration);
            }
        };
    }
}
