package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

import dev.freshet.ingest.log.FaultPoint.Place;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Micros;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.change.ChangeKey.Control;
import dev.freshet.schemas.record.DeadLetter;
import dev.freshet.testkit.servers.SharedServers;

class IngestOperationsIT {

    @Test
    void anEmptySourceIsCompleteAndItsTimeGoesOn() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 21);
                IngestService service = deployment.started()) {
            Deployment.awaitCaughtUp(service, shop);
            long lsn = shop.lsn();
            await("an idle source's clock, at most a second behind")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> {
                        Instant tick = Micros.toInstant(service.progress().tickTime());
                        return service.progress().tickLsn() > lsn
                                && tick.isAfter(Time.system().now().minusSeconds(1));
                    });
            LogView log = LogView.read(deployment.config(), 1);
            assertThat(log.count(Control.SNAPSHOT_END)).isEqualTo(3);
            log.assertHolds(shop);

            shop.addUsers(1);
            shop.transaction(1);
            Deployment.awaitCaughtUp(service, shop);
            LogView.read(deployment.config(), 1).assertHolds(shop);
        }
    }

    @Test
    void everyOtherOperation() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 22);
                IngestService service = deployment.started()) {
            Deployment.awaitCaughtUp(service, shop);
            shop.sql("INSERT INTO users (id, email) VALUES (1, 'a'), (2, 'b'), (3, 'c'), (0, 'z')");
            shop.sql(
                    "INSERT INTO orders (id, user_id, total) VALUES (1, 1, 10.50), (2, 2, 'NaN'), (3, 0, -7), (4, 1, 4)");
            shop.sql("BEGIN; DELETE FROM orders WHERE id = 1;"
                    + " INSERT INTO orders (id, user_id, total) VALUES (1, 2, 11); COMMIT");
            shop.sql("UPDATE users SET id = 30 WHERE id = 3");
            shop.sql("UPDATE users SET email = 'unmapped' WHERE id = 2");
            shop.sql("DELETE FROM orders WHERE id = 3");
            shop.sql(
                    "BEGIN; DELETE FROM users WHERE id = 1; INSERT INTO users (id, email) VALUES (1, 'again'); COMMIT");
            shop.sql("UPDATE orders SET user_id = 1, id = 5 WHERE id = 2");
            Deployment.awaitCaughtUp(service, shop);
            assertThat(LogView.read(deployment.config(), 1).rows())
                    .isEqualTo(rowsWithNaN(shop))
                    .containsKeys("0", "1", "2", "30", "2/1", "1/4", "1/5");

            shop.sql("TRUNCATE orders");
            shop.sql("INSERT INTO orders (id, user_id, total) VALUES (9, 1, 1)");
            shop.sql("TRUNCATE users, orders");
            shop.sql("INSERT INTO users (id, email) VALUES (7, 'x')");
            Deployment.awaitCaughtUp(service, shop);
            LogView log = LogView.read(deployment.config(), 1);
            assertThat(log.rows()).containsOnlyKeys("7");
            assertThat(log.count(Control.ORDERS_TRUNCATED)).isEqualTo(6);
            assertThat(log.count(Control.USERS_TRUNCATED)).isEqualTo(3);
        }
    }

    /** The driver has no BigDecimal for NaN. */
    private static Map<String, String> rowsWithNaN(Shop shop) throws Exception {
        shop.sql("CREATE TEMP TABLE nan AS SELECT user_id, id, created_at FROM orders WHERE total = 'NaN'");
        shop.sql("BEGIN; UPDATE orders SET total = 0 WHERE total = 'NaN'");
        Map<String, String> rows = shop.rows();
        shop.sql("ROLLBACK; DROP TABLE nan");
        rows.computeIfPresent("1/5", (key, row) -> row.replaceFirst(" .*", " NaN"));
        return rows;
    }

    @Test
    void aUserIsEndedInTheLogOnlyOnceTheSourceHasNothingOfIt() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 24);
                IngestService service = deployment.started()) {
            Deployment.awaitCaughtUp(service, shop);
            shop.sql("INSERT INTO users (id, email) VALUES (1, 'a'), (2, 'b')");
            shop.sql("INSERT INTO orders (id, user_id, total) VALUES (1, 1, 10.50), (2, 2, 1)");
            Id ann = Id.of(1);
            List<ChangeKey.Row> rows = List.of(ChangeKey.user(ann), ChangeKey.order(ann, Id.of(1)));
            assertThat(deployment.erase("1", rows).refusals()).containsExactly("user 1: it is in the source");
            shop.sql("TRUNCATE orders");
            assertThat(deployment.erase("1", rows).refusals()).hasSize(1);
            shop.sql("DELETE FROM users WHERE id = 1");

            List<ChangeKey.Row> foreign = List.of(ChangeKey.user(Id.of(2)));
            assertThat(deployment.erase("1", foreign).done()).isEqualTo(1);
            assertThat(deployment.erase("1", rows).done()).isEqualTo(1);
            assertThat(deployment.erase("x", rows).refusals()).containsExactly("user x: not the id of a user");

            List<LogView.Entry> last = LogView.read(deployment.config(), 1).partitions.stream()
                    .flatMap(List::stream)
                    .filter(entry -> entry.value() == null)
                    .toList();
            assertThat(last)
                    .extracting(LogView.Entry::key)
                    .containsExactly(
                            ChangeKey.user(ann), // of the DELETE
                            new ChangeKey.UserReset(ann),
                            ChangeKey.user(ann),
                            ChangeKey.order(ann, Id.of(1)),
                            new ChangeKey.UserReset(ann));
            assertThat(LogView.read(deployment.config(), 1).rows()).containsOnlyKeys("2");
        }
    }

    @Test
    void rowsOutsideTheDomainAreDeadLettersInSnapshotAndStream() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 23)) {
            shop.addUsers(2);
            shop.sql("INSERT INTO orders (id, user_id, total, created_at) VALUES (1, 1, 1, 'infinity')");
            try (IngestService service = deployment.started()) {
                Deployment.awaitCaughtUp(service, shop);
                shop.sql("INSERT INTO orders (id, user_id, total, created_at) VALUES (2, 1, 1, '-infinity'),"
                        + " (3, 2, 1, '0044-03-15 00:00:00+00 BC'), (4, 2, 1, '10000-01-01 00:00:00+00'),"
                        + " (5, 2, repeat('9', 1001)::numeric, now())");
                shop.sql("UPDATE orders SET created_at = now() WHERE id IN (1, 3)");
                shop.sql("DELETE FROM orders WHERE id = 4");
                Deployment.awaitCaughtUp(service, shop);
                assertThat(service.progress().deadLetters()).isEqualTo(5);
            }
            List<DeadLetter> letters = LogView.deadLetters(deployment.config());
            assertThat(letters)
                    .extracting(DeadLetter::row)
                    .containsExactly(key(1, 1), key(1, 2), key(2, 3), key(2, 4), key(2, 5));
            assertThat(letters).allSatisfy(letter -> {
                assertThat(letter.value()).isNotEmpty();
                assertThat(letter.place()).contains("table=public.orders lsn=");
            });
            Map<String, String> rows = LogView.read(deployment.config(), 1).rows();
            assertThat(rows.keySet()).containsExactlyInAnyOrder("1", "2", "1/1", "1/2", "2/3", "2/5");
            assertThat(rows.get("1/2")).contains("RowUnusable");
            assertThat(rows.get("2/5")).contains("RowUnusable", "1001 digits");
            assertThat(rows.get("1/1")).doesNotContain("RowUnusable");
        }
    }

    private static ChangeKey.Row key(long user, long order) {
        return ChangeKey.order(Id.of(user), Id.of(order));
    }

    @Test
    void othersNamesAndTypesAndAnIndexAsIdentity() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 24)) {
            shop.sql("CREATE SCHEMA \"Shop\"");
            shop.sql("CREATE TABLE \"Shop\".\"Kunden\" (\"Nr\" integer PRIMARY KEY, name text)");
            shop.sql(
                    "CREATE TABLE \"Shop\".\"Käufe\" (beleg text PRIMARY KEY, \"Kunde\" integer NOT NULL, am timestamptz,"
                            + " betrag numeric, notiz text, UNIQUE (beleg, \"Kunde\"))");
            shop.sql("ALTER TABLE \"Shop\".\"Käufe\" REPLICA IDENTITY USING INDEX \"Käufe_beleg_Kunde_key\"");
            deployment.settings.putAll(Map.of(
                    "source.schema", "Shop",
                    "source.users.table", "Kunden",
                    "source.users.id", "Nr",
                    "source.orders.table", "Käufe",
                    "source.orders.id", "beleg",
                    "source.orders.user.id", "Kunde",
                    "source.orders.created.at", "am",
                    "source.orders.columns.total", "betrag",
                    "source.setup", "false"));
            String a = "7";
            String b = "-8";
            shop.sql("INSERT INTO \"Shop\".\"Kunden\" VALUES ('" + a + "', 'geheim'), ('" + b + "', 'geheim')");
            shop.sql("INSERT INTO \"Shop\".\"Käufe\" VALUES ('x', '" + a + "', 'epoch', 1, 'geheim')," + " ('y', '" + a
                    + "', 'epoch', 2, 'geheim')");
            try (IngestService service = deployment.started()) {
                Deployment.awaitCaughtUp(service, shop);
                shop.sql("UPDATE \"Shop\".\"Käufe\" SET betrag = 3 WHERE beleg = 'x'");
                shop.sql("UPDATE \"Shop\".\"Käufe\" SET \"Kunde\" = '" + b + "' WHERE beleg = 'y'");
                shop.sql("INSERT INTO \"Shop\".\"Käufe\" VALUES ('z', '" + b + "', NULL, NULL, 'geheim')");
                shop.sql("DELETE FROM \"Shop\".\"Käufe\" WHERE beleg = 'z'");
                Deployment.awaitCaughtUp(service, shop);
            }
            assertThat(LogView.read(deployment.config(), 1).rows())
                    .isEqualTo(Map.of(a, "user", b, "user", a + "/x", "0 3", b + "/y", "0 2"));
        }
    }

    @Test
    void aChangedReplicaIdentityStopsIngest() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 25)) {
            shop.addUsers(2);
            try (IngestService service = deployment.started()) {
                Deployment.awaitCaughtUp(service, shop);
                shop.sql("ALTER TABLE orders REPLICA IDENTITY DEFAULT");
                assertThat(Deployment.reason(service))
                        .isInstanceOf(Stop.Operator.class)
                        .hasMessageContaining("replica identity of public.orders")
                        .hasMessageContaining("freshet replay start --from-source --go-live");
            }
        }
    }

    @Test
    void whatTheEngineWouldTakeForRetriableEndsTheProcess() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 26)) {
            shop.addUsers(20);
            AtomicInteger passed = new AtomicInteger();
            try (IngestService service = deployment.service(place -> {
                if (place == Place.COMMITTED && passed.incrementAndGet() == 20) {
                    throw new org.apache.kafka.connect.errors.RetriableException("injected");
                }
            })) {
                service.start();
                CompletableFuture<Throwable> reason = new CompletableFuture<>();
                service.ended().whenComplete((done, failure) -> reason.complete(failure));
                await().atMost(Deployment.PATIENCE).until(() -> {
                    shop.transaction(2);
                    return reason.isDone();
                });
                assertThat(reason.join()).isInstanceOf(Stop.Restart.class).hasMessageContaining("injected");
            }
            try (IngestService service = deployment.started()) {
                Deployment.awaitCaughtUp(service, shop);
            }
            LogView.read(deployment.config(), 1).assertHolds(shop);
        }
    }

    @Test
    void aSecondIngestStandsByAndTakesOver() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 27)) {
            shop.addUsers(20);
            try (IngestService first = deployment.started()) {
                Deployment.awaitCaughtUp(first, shop);
                try (IngestService second = deployment.started()) {
                    shop.transaction(20);
                    Deployment.awaitCaughtUp(first, shop);
                    await().atMost(Deployment.PATIENCE)
                            .until(() -> second.progress().phase() == IngestProgress.Phase.STANDING_BY);
                    first.close();
                    shop.transaction(20);
                    Deployment.awaitCaughtUp(second, shop);
                }
            }
            LogView.read(deployment.config(), 1).assertHolds(shop);
        }
    }

    @Test
    void whoWaitsForTheRegistryDoesNotKeepOthersFromLeading() throws Exception {
        Deployment deployment = new Deployment();
        AtomicInteger asked = new AtomicInteger();
        SchemaRegistryClient away = (SchemaRegistryClient) Proxy.newProxyInstance(
                SchemaRegistryClient.class.getClassLoader(),
                new Class<?>[] {SchemaRegistryClient.class},
                (proxy, method, arguments) -> {
                    asked.incrementAndGet();
                    throw new IOException("away");
                });
        try (Shop shop = new Shop(deployment.database, 30);
                IngestService waiting = deployment.service(away)) {
            waiting.start();
            await().atMost(Deployment.PATIENCE).until(() -> asked.get() >= 2);
            try (IngestService other = deployment.started()) {
                shop.addUsers(1);
                Deployment.awaitCaughtUp(other, shop);
            }
            assertThat(waiting.progress().phase()).isEqualTo(IngestProgress.Phase.WAITING);
        }
    }

    @Test
    void aHeartbeatThatFailsForHalfAMinuteEndsTheProcess() throws Exception {
        Deployment deployment = new Deployment();
        AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
        try (Shop shop = new Shop(deployment.database, 31);
                Connection elsewhere =
                        SharedServers.get().postgres().database("postgres").connect();
                Statement statement = elsewhere.createStatement();
                IngestService service = deployment.service(inAdvance(ahead))) {
            service.start();
            shop.addUsers(1);
            Deployment.awaitCaughtUp(service, shop);
            String database = deployment.database.name();
            statement.execute("ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database
                    + "' AND query LIKE '%pg_logical_emit_message%'");
            ahead.set(Duration.ofSeconds(31));
            assertThat(Deployment.reason(service))
                    .isInstanceOf(Stop.Restart.class)
                    .hasMessageContaining("the source's heartbeat has failed for 3");
            statement.execute("ALTER DATABASE " + database + " ALLOW_CONNECTIONS true");
        }
    }

    private static Time inAdvance(AtomicReference<Duration> ahead) {
        return new Time() {
            @Override
            public Instant now() {
                return Time.system().now();
            }

            @Override
            public long nanoTime() {
                return Time.system().nanoTime() + ahead.get().toNanos();
            }

            @Override
            public void pause(Duration duration) throws InterruptedException {
                Time.system().pause(duration);
            }
        };
    }

    @Test
    void aSlotThatIsGoneIsNotPassedOver() throws Exception {
        Deployment deployment = new Deployment();
        try (Shop shop = new Shop(deployment.database, 28)) {
            shop.addUsers(2);
            try (IngestService service = deployment.started()) {
                Deployment.awaitCaughtUp(service, shop);
            }
            Deployment.dropSlot(shop, deployment.config().names().slot(1));
            shop.transaction(5);
            try (IngestService service = deployment.started()) {
                Throwable reason = Deployment.reason(service);
                assertThat(reason).isInstanceOf(Stop.Operator.class).hasMessageContaining("slot is gone");
                assertThat(((Stop.Operator) reason).cure()).contains("freshet replay start --from-source --go-live");
            }
            deployment.beginNextGeneration(); // what the command does
            try (IngestService service = deployment.started()) {
                Deployment.awaitCaughtUp(service, shop);
                assertThat(service.progress().generation()).isEqualTo(2);
            }
            LogView.read(deployment.config(), 2).assertHolds(shop);
        }
    }

    @Test
    void aTargetThatCannotKeepAnythingIsToldBeforeTheSourceIsChanged() throws Exception {
        Deployment deployment = new Deployment();
        deployment.settings.put("target.schema", "features");
        try (Shop shop = new Shop(deployment.database, 32);
                Connection connection = deployment.database.connect();
                Statement statement = connection.createStatement()) {
            try (IngestService service = deployment.started()) {
                assertThat(Deployment.reason(service))
                        .isInstanceOf(Stop.Operator.class)
                        .hasMessageContaining("schema \"features\" (target.schema) does not exist");
            }
            ResultSet row = statement.executeQuery("SELECT (SELECT count(*) FROM pg_publication),"
                    + " (SELECT relreplident FROM pg_class WHERE oid = 'orders'::regclass)");
            row.next();
            assertThat(row.getInt(1)).as("publications").isZero();
            assertThat(row.getString(2)).as("replica identity").isEqualTo("d");
            shop.sql("CREATE SCHEMA features");
            try (IngestService service = deployment.started()) {
                Deployment.awaitCaughtUp(service, shop);
            }
        }
    }

    @Test
    void everythingWrongWithTheSourceIsSaidAtOnce() throws Exception {
        Deployment deployment = new Deployment();
        deployment.settings.put("source.setup", "false");
        try (Shop shop = new Shop(deployment.database, 29)) {
            shop.sql("ALTER TABLE orders ALTER created_at TYPE timestamp, ALTER total TYPE float8");
            shop.sql("ALTER TABLE users DROP CONSTRAINT users_pkey, ADD PRIMARY KEY (id) DEFERRABLE");
            try (IngestService service = deployment.started()) {
                assertThat(Deployment.reason(service))
                        .isInstanceOf(Stop.Operator.class)
                        .hasMessageContaining("DEFERRABLE")
                        .hasMessageContaining("created_at of type timestamp without time zone")
                        .hasMessageContaining("total of type double precision")
                        .hasMessageContaining("ALTER TABLE \"public\".\"orders\" REPLICA IDENTITY FULL;");
            }
        }
    }
}
