package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

import dev.freshet.ingest.log.FaultPoint.Place;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.avro.PlainAvro;
import dev.freshet.schemas.avro.RegistryAvro;
import dev.freshet.schemas.avro.RegistryClients;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.change.ChangeKey.Control;
import dev.freshet.testkit.process.ChildJvm;

/** Source transactions of -Dfreshet.rows changes and half as many savepoints, by an ingest that has little memory. */
class LargeTransactionIT {
    private static final int ROWS = Integer.getInteger("freshet.rows", 200_000);
    private static final int SAVEPOINTS = ROWS / 2;
    private static final int FIRST_SAVEPOINT = 1_000_000_000;
    private static final int USERS = 1_000;
    private static final int BAD = 10_000;
    private static final int SLOW = 150;
    private static final Duration PATIENCE = Duration.ofSeconds(60 + ROWS / 500);

    @Test
    void everyChangeIsInTheLogOnceAndNoTickInBetween() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 41)) {
            shop.addUsers(USERS);
            shop.sql("INSERT INTO orders (id, user_id, total) SELECT n, n % " + USERS
                    + " + 1, 1 FROM generate_series(1, " + ROWS + ") n");
            try (ChildJvm ingest = started(deployment)) {
                awaitConfirmed(deployment, ingest, shop);
                shop.sql("UPDATE orders SET total = 2");
                shop.sql("DO $$ BEGIN FOR i IN 1.." + SAVEPOINTS + " LOOP BEGIN"
                        + " INSERT INTO orders (id, user_id, total) VALUES (" + FIRST_SAVEPOINT + " + i, i % " + USERS
                        + " + 1, 3); IF i % 10 = 0 THEN RAISE EXCEPTION 'undo'; END IF;"
                        + " EXCEPTION WHEN raise_exception THEN NULL; END; END LOOP; END $$");
                awaitConfirmed(deployment, ingest, shop);
            }
        }
        assertLog(deployment.config());
    }

    private static ChildJvm started(Deployment deployment) {
        Path never = Path.of("target", "never");
        return ChildJvm.running(IngestProcess.class)
                .jvmOptions("-Xmx128m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError")
                .arguments(
                        deployment.write().toString(),
                        Place.COMMITTED.name(),
                        "passing",
                        Long.toString(Long.MAX_VALUE),
                        never.toString())
                .start();
    }

    private static void awaitConfirmed(Deployment deployment, ChildJvm ingest, Shop shop) throws Exception {
        long lsn = shop.lsn();
        await("what is committed is in the log")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    assertThat(ingest.isAlive()).as(ingest.output()).isTrue();
                    return shop.confirmed(deployment.config().names().slot(1)) >= lsn;
                });
    }

    private static void assertLog(FreshetConfig config) {
        PlainAvro<ChangeKey> keys = FreshetAvro.changeKeys();
        String topic = config.names().changes(1);
        RegistryAvro<Change> values = new RegistryAvro<>(
                RegistryClients.open(config.registry().url(), Map.of()),
                Names.subject(topic),
                FreshetAvro.changes(config.catalogue()));
        Seen snapshot = new Seen(ROWS);
        Seen update = new Seen(ROWS);
        Seen savepoints = new Seen(SAVEPOINTS);
        LogView.forEach(config, topic, record -> {
            ChangeKey key = keys.decode(record.key());
            Change change = values.decode(record.value());
            if (key == Control.TICK) {
                snapshot.tick(record.partition());
                update.tick(record.partition());
                savepoints.tick(record.partition());
            } else if (change.body() instanceof Change.OrderRow order) {
                int id = Integer.parseInt(((ChangeKey.Row) key).row().toString());
                switch (order.values().get(0).text()) {
                    case "1" -> snapshot.row(record.partition(), id);
                    case "2" -> update.row(record.partition(), id);
                    default -> savepoints.row(record.partition(), id - FIRST_SAVEPOINT);
                }
            }
        });
        assertThat(snapshot.rows.cardinality()).isEqualTo(ROWS);
        assertThat(update.rows.cardinality()).isEqualTo(ROWS);
        assertThat(savepoints.rows.cardinality()).isEqualTo(SAVEPOINTS - SAVEPOINTS / 10);
        for (int undone = 10; undone <= SAVEPOINTS; undone += 10) {
            assertThat(savepoints.rows.get(undone)).isFalse();
        }
    }

    /** The rows of one source transaction that were met. */
    private static final class Seen {
        final BitSet rows;
        private final BitSet begun = new BitSet();
        private final BitSet ticked = new BitSet();

        Seen(int rows) {
            this.rows = new BitSet(rows);
        }

        void row(int partition, int row) {
            assertThat(rows.get(row)).as("row %s is in the log before", row).isFalse();
            assertThat(ticked.get(partition))
                    .as("a tick stands before row %s, amid its transaction", row)
                    .isFalse();
            rows.set(row);
            begun.set(partition);
        }

        void tick(int partition) {
            ticked.set(partition, ticked.get(partition) || begun.get(partition));
        }
    }

    /** Long texts that are one digit each, more than fit into the memory, and some that Debezium takes long to read. */
    @Test
    void manyBadValuesNeitherStopNorExhaustIngest() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 43)) {
            shop.addUsers(1);
            shop.sql(orders("1e-16383::numeric", 1, BAD));
            shop.sql(orders("repeat('9', 16000)::numeric", BAD + 1, BAD + SLOW));
            try (ChildJvm ingest = started(deployment)) {
                awaitConfirmed(deployment, ingest, shop);
                shop.sql(orders("repeat('9', 16000)::numeric", BAD + SLOW + 1, BAD + 2 * SLOW));
                awaitConfirmed(deployment, ingest, shop);
            }
        }
        BitSet lettered = new BitSet();
        LogView.deadLetters(deployment.config()).forEach(letter -> {
            ChangeKey.Row row = Objects.requireNonNull(letter.row());
            lettered.set(Integer.parseInt(row.row().toString()));
        });
        assertThat(lettered.cardinality()).isEqualTo(BAD + 2 * SLOW);
    }

    private static String orders(String total, int from, int to) {
        return "INSERT INTO orders (id, user_id, total) SELECT n, 1, " + total + " FROM generate_series(" + from + ", "
                + to + ") n";
    }

    @Test
    void aPreparedTransactionCountsFromItsCommitOn() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 42);
                IngestService service = deployment.started()) {
            shop.addUsers(1);
            Deployment.awaitCaughtUp(service, shop);
            shop.sql("BEGIN; INSERT INTO orders (id, user_id, total) VALUES (1, 1, 7); PREPARE TRANSACTION 'kept'");
            shop.sql("BEGIN; INSERT INTO orders (id, user_id, total) VALUES (2, 1, 8); PREPARE TRANSACTION 'undone'");
            shop.sql("INSERT INTO orders (id, user_id, total) VALUES (3, 1, 9)");
            Deployment.awaitCaughtUp(service, shop);
            assertThat(LogView.read(deployment.config(), 1).rows()).containsOnlyKeys("1", "1/3");

            shop.sql("ROLLBACK PREPARED 'undone'");
            shop.sql("COMMIT PREPARED 'kept'");
            Deployment.awaitCaughtUp(service, shop);
            LogView log = LogView.read(deployment.config(), 1);
            assertThat(log.rows()).containsOnlyKeys("1", "1/1", "1/3").isEqualTo(shop.rows());
        }
    }
}
