package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/**
 * Measures how long a commit takes to be seen in user_features, at rest and under 1,000 changes a second, and what an idle
 * pipeline costs. Prints, and asserts nothing but that the table is the truth in the end.
 */
@EnabledIfSystemProperty(named = "freshet.measure", matches = "true", disabledReason = "figures are made on request")
class FreshnessMeasurementIT {
    private static final int SAMPLES = 400;
    private static final int USERS = 2_000;
    private static final int WRITERS = 4;
    private static final Duration IDLE = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParameterizedTest
    @ValueSource(ints = {10, 20, 50})
    void commitToVisible(int commitIntervalMillis) throws Exception {
        SharedServers servers = SharedServers.get();
        Database database = servers.newDatabase();
        try (Pipeline pipeline = Pipeline.of(servers, database);
                Connection connection = database.connect()) {
            createTables(connection);
            pipeline.start(
                    Pipeline.Part.ALL,
                    Map.of("FRESHET_STREAMS_COMMIT_INTERVAL_MS", Integer.toString(commitIntervalMillis)));
            Truth.assertTableIsTheTruth(database, pipeline);
            List<Double> warmUp = sample(connection);
            assertThat(warmUp).isNotEmpty();
            print(commitIntervalMillis, "at rest", sample(connection));
            print(commitIntervalMillis, "1,000/s", underLoad(database, connection));
            System.out.printf(
                    Locale.ROOT,
                    "commit.interval=%d ms, idle: %.1f %% of a core for ingest, streams and sink together%n",
                    commitIntervalMillis,
                    idleCost(pipeline));
            Truth.assertTableIsTheTruth(database, pipeline);
        }
    }

    private static void createTables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    CREATE TABLE users (id bigserial PRIMARY KEY, email text UNIQUE NOT NULL);
                    CREATE TABLE orders (
                        id bigserial PRIMARY KEY, user_id bigint NOT NULL REFERENCES users(id),
                        total numeric NOT NULL, created_at timestamptz DEFAULT now());
                    CREATE INDEX ON orders (user_id);
                    INSERT INTO users (email) SELECT n::text FROM generate_series(1, %1$d) n;
                    INSERT INTO orders (user_id, total, created_at)
                        SELECT 1 + n %% %1$d, n, now() - interval '1 minute' * n FROM generate_series(1, 20000) n""".formatted(USERS));
        }
    }

    private static List<Double> underLoad(Database database, Connection connection) throws Exception {
        ScheduledExecutorService writers = Executors.newScheduledThreadPool(WRITERS);
        AtomicInteger written = new AtomicInteger();
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            Connection own = database.connect();
            connections.add(own);
            PreparedStatement update =
                    own.prepareStatement("UPDATE orders SET total = total + 1 WHERE id = 1 + floor(random() * 20000)");
            writers.scheduleAtFixedRate(() -> update(update, written), 0, WRITERS, TimeUnit.MILLISECONDS);
        }
        long began = System.nanoTime();
        try {
            List<Double> samples = sample(connection);
            double seconds = (System.nanoTime() - began) / 1e9;
            System.out.printf(Locale.ROOT, "load: %.0f changes/s%n", written.get() / seconds);
            return samples;
        } finally {
            writers.shutdownNow();
            writers.awaitTermination(10, TimeUnit.SECONDS);
            for (Connection own : connections) {
                own.close();
            }
        }
    }

    private static void update(PreparedStatement update, AtomicInteger written) {
        try {
            update.executeUpdate();
            written.incrementAndGet();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Commits an order, then reads its user's row until the order is counted. */
    private static List<Double> sample(Connection connection) throws SQLException {
        List<Double> millis = new ArrayList<>();
        try (PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO orders (user_id, total) VALUES (?, 1)");
                PreparedStatement read =
                        connection.prepareStatement("SELECT order_count_7d FROM user_features WHERE user_id = ?")) {
            for (int i = 0; i < SAMPLES; i++) {
                long user = 1 + i % USERS;
                read.setLong(1, user);
                insert.setLong(1, user);
                int before = count(read);
                insert.executeUpdate();
                long committed = System.nanoTime();
                await("the order in the row")
                        .atMost(PATIENCE)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofNanos(200_000))
                        .until(() -> count(read) > before);
                millis.add((System.nanoTime() - committed) / 1e6);
            }
        }
        return millis;
    }

    private static int count(PreparedStatement read) throws SQLException {
        try (ResultSet row = read.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    private static double idleCost(Pipeline pipeline) {
        ProcessHandle process = pipeline.handle(Pipeline.Part.ALL);
        Duration before = cpu(process);
        long began = System.nanoTime();
        await("an idle while").pollDelay(IDLE).atMost(IDLE.multipliedBy(2)).until(() -> true);
        return 100.0 * cpu(process).minus(before).toNanos() / (System.nanoTime() - began);
    }

    private static Duration cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElseThrow();
    }

    private static void print(int commitIntervalMillis, String load, List<Double> millis) {
        List<Double> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "commit.interval=%d ms, %s: p50 %.1f ms, p99 %.1f ms, max %.1f ms, %d samples%n",
                commitIntervalMillis,
                load,
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 99 / 100),
                sorted.get(sorted.size() - 1),
                sorted.size());
    }
}
