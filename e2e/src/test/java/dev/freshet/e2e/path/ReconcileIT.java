package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.e2e.shop.Shop;
import dev.freshet.ops.deadletters.DeadLetters;
import dev.freshet.ops.deadletters.LetterFilter;
import dev.freshet.ops.deadletters.StoredLetter;
import dev.freshet.ops.reconcile.Pace;
import dev.freshet.ops.reconcile.Reconcile;
import dev.freshet.ops.reconcile.ReconcileReport;
import dev.freshet.ops.reconcile.Reconciliation;
import dev.freshet.ops.reconcile.RepairReport;
import dev.freshet.ops.status.StatusCheck;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.UserPartition;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** The comparison and the repair, on the whole path and under traffic. {@code -Dfreshet.soak=PT1H} makes the soak long. */
class ReconcileIT {
    private static final Duration SOAK = Duration.parse(System.getProperty("freshet.soak", "PT15S"));
    private static final Pace PACE = new Pace(40, 0.2, Duration.ofMinutes(3));
    /** The comparison is about a table that follows, not about one that is left behind. */
    private static final Duration BETWEEN_TRANSACTIONS = Duration.ofMillis(20);

    private static final int PARTITIONS = 3;

    /** Beyond those of the shop's traffic. */
    private static final int FIRST = 10_001;

    private Database database;
    private Pipeline pipeline;
    private long seed;

    @BeforeEach
    void prepare() {
        SharedServers servers = SharedServers.get();
        database = servers.newDatabase();
        pipeline = Pipeline.of(servers, database);
        seed = Long.getLong("freshet.seed", new SplittableRandom().nextLong());
        System.out.println("seed " + seed);
    }

    @AfterEach
    void stop() {
        pipeline.close();
    }

    @Test
    void underTrafficNothingThatIsRightIsEverReported() throws Exception {
        try (Shop shop = new Shop(database, new SplittableRandom(seed))) {
            transact(shop, 200);
            pipeline.start(Pipeline.Part.ALL, Map.of());
            Truth.assertTableIsTheTruth(database, pipeline);
            Background traffic = new Background(() -> {
                shop.transact();
                Time.system().pause(BETWEEN_TRANSACTIONS);
            });
            long end = Time.system().nanoTime() + SOAK.toNanos();
            long checked = 0;
            long unverified = 0;
            int rounds = 0;
            try (Reconciliation reconciliation = reconciliation()) {
                while (Time.system().nanoTime() < end) {
                    ReconcileReport report = reconciliation.compare(Reconcile.Progress.NONE);
                    assertThat(report.isClean())
                            .as("seed %d: %s %s", seed, report, pipeline.log())
                            .isTrue();
                    checked += report.checked();
                    unverified += report.unverified();
                    rounds++;
                }
            }
            int transactions = traffic.stop();
            System.out.println(rounds + " rounds, " + checked + " users checked, " + unverified + " unverified, "
                    + transactions + " transactions");
            assertThat(checked).isGreaterThan(0);
            Truth.assertTableIsTheTruth(database, pipeline);
        }
    }

    @Test
    void whatIsWrongIsFoundAndRepairedUnderTrafficAndNothingElseIsTouched() throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            createShop(statement);
            pipeline.startAll();
            Truth.assertTableIsTheTruth(database, pipeline);
            SplittableRandom random = new SplittableRandom(seed);
            Background traffic = new Background(() -> change(random));
            try (Reconciliation reconciliation = reconciliation()) {
                // in the table
                statement.execute(
                        "UPDATE user_features SET order_count_7d = order_count_7d + 1 WHERE user_id IN (10001, 10002)");
                statement.execute("UPDATE user_features SET avg_order_value = NULL WHERE user_id = 10003");
                statement.execute("DELETE FROM user_features WHERE user_id IN (10004, 10005)");
                statement.execute("INSERT INTO user_features (user_id, computed_at, incomplete, version)"
                        + " SELECT n, now(), false, 0 FROM generate_series(20001, 20003) n");
                // in the change log, and so in the state too
                lose(ChangeKey.order(
                        Id.of(10_006), Id.of(one(statement, "SELECT min(id) FROM orders WHERE user_id = 10006"))));
                lose(ChangeKey.user(Id.of(10_007)));
                await("the loss is in the table")
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> one(statement, "SELECT count(*) FROM user_features WHERE user_id = 10007") == 0
                                && one(statement, "SELECT order_count_30d FROM user_features WHERE user_id = 10006")
                                        == 59);
                Map<Long, String> others = rows(statement);

                ReconcileReport found = reconciliation.compareNaming(Reconcile.Progress.NONE);
                assertThat(new TreeSet<>(found.users()))
                        .as("seed %d: %s", seed, found)
                        .containsExactly(
                                "10001", "10002", "10003", "10004", "10005", "10006", "10007", "20001", "20002",
                                "20003");
                assertThat(found.missing()).isEqualTo(3);
                assertThat(found.extra()).isEqualTo(3);

                List<String> asked = new ArrayList<>(found.users());
                // users that are right, and change all the time
                IntStream.rangeClosed(1, 20).mapToObj(Integer::toString).forEach(asked::add);
                CompletableFuture<Void> fault = CompletableFuture.runAsync(
                        () -> {
                            pipeline.kill(Pipeline.Part.INGEST);
                            pipeline.start(Pipeline.Part.INGEST, Map.of());
                        },
                        CompletableFuture.delayedExecutor(700, TimeUnit.MILLISECONDS));
                RepairReport repaired = reconciliation.repair(asked, "test", Reconcile.Progress.NONE);
                fault.get(60, TimeUnit.SECONDS);
                assertThat(repaired.isComplete())
                        .as("%s %s", repaired, pipeline.log())
                        .isTrue();

                ReconcileReport remaining = reconciliation.compare(Reconcile.Progress.NONE);
                assertThat(remaining.isClean())
                        .as("seed %d: %s", seed, remaining)
                        .isTrue();
                assertThat(one(statement, "SELECT count(*) FROM user_features WHERE user_id > 20000"))
                        .isZero();
                Map<Long, String> then = rows(statement);
                for (long user = 10_008; user < FIRST + 100; user++) {
                    assertThat(then.get(user)).as("user %d", user).isEqualTo(others.get(user));
                }
            }
            traffic.stop();
            Truth.assertTableIsTheTruth(database, pipeline);
        }
    }

    @Test
    void aLetterIsReplayedFromTheSourceAndDropped() throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            createShop(statement);
            pipeline.start(Pipeline.Part.ALL, Map.of());
            Truth.assertTableIsTheTruth(database, pipeline);
            long order = one(statement, "SELECT min(id) FROM orders WHERE user_id = 10001");
            write(ChangeKey.order(Id.of(10_001), Id.of(order)), new byte[] {1, 2, 3});
            write(ChangeKey.order(Id.of(10_002), Id.of(order)), new byte[] {4});
            await("the flag")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> one(
                                    statement,
                                    "SELECT count(*) FROM user_features WHERE incomplete AND user_id IN (10001, 10002)")
                            == 2);
            statement.execute(
                    "UPDATE orders SET created_at = 'infinity' WHERE id = (SELECT max(id) FROM orders WHERE user_id = 10003)");

            DeadLetters letters = DeadLetters.of(pipeline.config(), Time.system());
            await("three letters")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> letters.read(LetterFilter.ALL).size() == 3);
            LetterFilter ofStreams = new LetterFilter(java.util.Set.of(), "streams", null, 1, "10001");
            assertThat(letters.read(ofStreams)).singleElement().satisfies(stored -> {
                assertThat(stored.user()).contains("10001");
                assertThat(stored.letter().value()).containsExactly(1, 2, 3);
            });
            assertThat(letters.read(new LetterFilter(java.util.Set.of(), null, "POINT IN TIME", null, null)))
                    .extracting(StoredLetter::user)
                    .containsExactly(java.util.Optional.of("10003"));

            try (Reconciliation reconciliation = reconciliation()) {
                RepairReport repaired =
                        reconciliation.repair(List.of("10001", "10002"), "test", Reconcile.Progress.NONE);
                assertThat(repaired.isComplete()).as("%s", repaired).isTrue();
                ReconcileReport then = reconciliation.compare(List.of("10001", "10002", "10003"));
                assertThat(then.isClean()).as("%s", then).isTrue();
                assertThat(then.incomplete())
                        .as("the row that is still unusable")
                        .isEqualTo(1);
                reconciliation.repair(List.of("10003"), "test", Reconcile.Progress.NONE);
                assertThat(reconciliation.compare(List.of("10003")).incomplete())
                        .isEqualTo(1);
                statement.execute("UPDATE orders SET created_at = now() WHERE created_at = 'infinity'");
            }
            Truth.assertTableIsTheTruth(database, pipeline);

            int all = letters.read(LetterFilter.ALL).size();
            LetterFilter of10002 = new LetterFilter(java.util.Set.of(), null, null, null, "10002");
            try (Connection other = database.connect();
                    Statement lock = other.createStatement()) {
                lock.execute("SELECT pg_advisory_lock(hashtextextended('"
                        + pipeline.config().names().deadLetters() + "', 0))");
                assertThatThrownBy(() -> letters.drop(of10002, connection)).isInstanceOf(Stop.Operator.class);
                lock.execute("SELECT pg_advisory_unlock_all()"); // a connection that is closed may keep it for a moment
            }
            assertThat(letters.drop(of10002, connection)).isEqualTo(1);
            assertThat(letters.read(LetterFilter.ALL))
                    .hasSize(all - 1)
                    .noneMatch(stored -> stored.user().filter("10002"::equals).isPresent());
            assertThat(lettersByStatus()).isEqualTo(all - 1);
            assertThat(letters.drop(LetterFilter.ALL, connection)).isEqualTo(all - 1);
            assertThat(letters.read(LetterFilter.ALL)).isEmpty();
            assertThat(lettersByStatus()).isZero();
        }
    }

    private long lettersByStatus() throws InterruptedException {
        return Objects.requireNonNull(
                StatusCheck.run(pipeline.config(), Time.system()).deadLetters());
    }

    private Reconciliation reconciliation() throws SQLException {
        return Reconciliation.open(pipeline.config(), PACE, Time.system());
    }

    /** Users that the traffic changes, and 100 that it leaves alone, of whom one has many orders. */
    private static void createShop(Statement statement) throws SQLException {
        statement.execute("""
                CREATE TABLE users (
                    id bigserial PRIMARY KEY, email text UNIQUE NOT NULL, created_at timestamptz DEFAULT now());
                CREATE TABLE orders (
                    id bigserial PRIMARY KEY, user_id bigint NOT NULL REFERENCES users(id),
                    total numeric NOT NULL, created_at timestamptz DEFAULT now());
                CREATE INDEX ON orders (user_id);
                INSERT INTO users (id, email) SELECT n, n FROM generate_series(1, 100) n;
                INSERT INTO users (id, email) SELECT n, n FROM generate_series(10001, 10100) n;
                INSERT INTO orders (user_id, total, created_at) SELECT 1 + n % 100, n, now() - interval '1 hour' * n
                    FROM generate_series(1, 1000) n;
                INSERT INTO orders (user_id, total, created_at) SELECT 10001 + n % 100, n, now() - interval '1 minute' * (n % 100)
                    FROM generate_series(0, 499) n;
                INSERT INTO orders (user_id, total, created_at) SELECT 10006, n, now() - interval '1 minute' * n
                    FROM generate_series(1, 55) n""");
    }

    private void change(SplittableRandom random) throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            Time.system().pause(BETWEEN_TRANSACTIONS.multipliedBy(5));
            for (int i = 0; i < 20; i++) {
                int user = random.nextInt(1, 101);
                statement.execute(
                        switch (random.nextInt(4)) {
                            case 0 -> "INSERT INTO orders (user_id, total) VALUES (" + user + ", " + i + ")";
                            case 1 -> "UPDATE orders SET total = total + 1 WHERE user_id = " + user;
                            case 2 ->
                                "UPDATE orders SET user_id = 1 + (user_id + 1) % 100 WHERE id = (SELECT min(id) FROM orders"
                                        + " WHERE user_id = " + user + ")";
                            default ->
                                "DELETE FROM orders WHERE id = (SELECT max(id) FROM orders WHERE user_id = " + user
                                        + ")";
                        });
            }
        }
    }

    /** The log forgets a row, as if its last change had been lost. */
    private void lose(ChangeKey.Row row) {
        write(row, null);
    }

    private void write(ChangeKey.Row row, byte[] value) {
        try (KafkaProducer<byte[], byte[]> foreign = new KafkaProducer<>(
                Map.of("bootstrap.servers", SharedServers.get().kafka().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            foreign.send(new ProducerRecord<>(
                    pipeline.config().names().changes(1),
                    UserPartition.of(row.user(), PARTITIONS),
                    FreshetAvro.changeKeys().encode(row),
                    value));
        }
    }

    private static long one(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : -1;
        }
    }

    private static Map<Long, String> rows(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery(
                "SELECT user_id, f::text FROM user_features f WHERE user_id BETWEEN 10000 AND 20000")) {
            Map<Long, String> found = new java.util.HashMap<>();
            while (rows.next()) {
                found.put(rows.getLong(1), rows.getString(2));
            }
            return found;
        }
    }

    private static void transact(Shop shop, int times) throws SQLException {
        for (int i = 0; i < times; i++) {
            shop.transact();
        }
    }
}
