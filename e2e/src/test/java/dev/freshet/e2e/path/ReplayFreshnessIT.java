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
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.ops.replay.BuildProgress.Stage;
import dev.freshet.ops.replay.Drop;
import dev.freshet.ops.replay.KafkaSide;
import dev.freshet.ops.replay.ProgressReader;
import dev.freshet.ops.replay.Replay;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.time.Time;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/**
 * What a build costs readers: commit to visible in windows without a build, while streams reads for one, and from when the sink
 * begins to write it, in turn. A measurement, which wants the machine for itself: -Dfreshet.measure=true.
 */
@EnabledIfSystemProperty(named = "freshet.measure", matches = "true")
class ReplayFreshnessIT {
    private static final int USERS = 20_000;
    private static final int ORDERS = Integer.getInteger("freshet.orders", 1_000_000);
    private static final int PAIRS = Integer.getInteger("freshet.pairs", 4);
    private static final Duration WINDOW = Duration.ofSeconds(20);
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(30);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final double LIMIT = 1.2;

    private Database database;
    private Pipeline pipeline;
    private FreshetConfig config;

    @BeforeEach
    void prepare() {
        SharedServers servers = SharedServers.get();
        database = servers.newDatabase();
        pipeline = Pipeline.of(servers, database);
        config = pipeline.config();
    }

    @AfterEach
    void stop() {
        pipeline.close();
    }

    @ParameterizedTest(name = "fromSource={0}")
    @ValueSource(booleans = {false, true})
    void aBuildMakesTheLiveTableAtMostAFifthLessFresh(boolean fromSource) throws Exception {
        try (Connection connection = open();
                KafkaSide kafka = new KafkaSide(config)) {
            seed(connection);
            pipeline.startAll();
            await("live").atMost(PATIENCE).until(() -> isVisible(connection, USERS));
            Replay replay = new Replay(config, connection);
            ProgressReader progress = new ProgressReader(config, connection, kafka);
            Drop drop = new Drop(config, connection, kafka, Time.system());
            measure(connection); // warms up
            List<Double> without = new ArrayList<>();
            List<Double> reading = new ArrayList<>();
            List<Double> writing = new ArrayList<>();
            for (int i = 0; i < PAIRS; i++) {
                without.add(measure(connection));
                Generation build = fromSource ? replay.startFromSource(false, connection, kafka) : replay.start();
                await("a build")
                        .atMost(PATIENCE)
                        .until(() -> progress.read(build).stage() == Stage.READING);
                reading.add(measure(connection));
                System.out.println("  " + progress.read(build));
                await("the sweep")
                        .atMost(PATIENCE)
                        .until(() -> progress.read(build).stage().compareTo(Stage.READING) > 0);
                writing.add(measure(connection));
                System.out.println("  " + progress.read(build));
                drop.run(build, PATIENCE);
            }
            System.out.printf(
                    "commit to visible in ms, without a build %s, while it is read for %s, from when it is written %s%n",
                    without, reading, writing);
            double base = median(without);
            System.out.printf(
                    "fromSource=%b: %.1f, %.3f times and %.3f times%n",
                    fromSource, base, median(reading) / base, median(writing) / base);
            assertThat(median(reading)).as("while it is read for").isLessThan(LIMIT * base);
            assertThat(median(writing)).as("from when it is written").isLessThan(LIMIT * base);
        }
    }

    /** The median of a window, in milliseconds. */
    private double measure(Connection connection) throws Exception {
        List<Double> took = new ArrayList<>();
        Time time = Time.system();
        long end = time.nanoTime() + WINDOW.toNanos();
        try (PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO orders (user_id, total) VALUES (?, 1)");
                PreparedStatement read =
                        connection.prepareStatement("SELECT order_count_7d FROM user_features WHERE user_id = ?")) {
            for (int i = 0; time.nanoTime() < end; i++) {
                int user = 1 + i * 7 % USERS;
                int before = count(read, user);
                insert.setInt(1, user);
                insert.executeUpdate();
                long committed = time.nanoTime();
                while (count(read, user) == before
                        && time.nanoTime() - committed < Duration.ofSeconds(10).toNanos()) {
                    time.pause(Duration.ofMillis(1));
                }
                took.add((time.nanoTime() - committed) / 1e6);
                time.pause(BETWEEN_PROBES);
            }
        }
        return median(took);
    }

    private static int count(PreparedStatement read, int user) throws SQLException {
        read.setInt(1, user);
        try (ResultSet row = read.executeQuery()) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static boolean isVisible(Connection connection, int users) throws SQLException {
        if (!Truth.hasView(connection)) {
            return false;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM user_features")) {
            row.next();
            return row.getInt(1) == users;
        }
    }

    private static void seed(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    CREATE TABLE users (
                        id bigserial PRIMARY KEY, email text UNIQUE NOT NULL, created_at timestamptz DEFAULT now());
                    CREATE TABLE orders (
                        id bigserial PRIMARY KEY, user_id bigint NOT NULL REFERENCES users(id),
                        total numeric NOT NULL, created_at timestamptz DEFAULT now());
                    INSERT INTO users (email) SELECT 'u' || n FROM generate_series(1, %1$d) n;
                    INSERT INTO orders (user_id, total, created_at) SELECT 1 + n %% %1$d, n %% 90 + 0.25,
                        now() - interval '1 second' * (n %% 5000000) FROM generate_series(1, %2$d) n;
                    CREATE INDEX ON orders (user_id)""".formatted(USERS, ORDERS));
        }
    }

    private Connection open() throws SQLException {
        return new dev.freshet.runtime.jdbc.Database(
                        config.target().login(),
                        config.target().schema(),
                        "freshet-test",
                        Timeouts.standard().withStatement(Duration.ofMinutes(5)))
                .open();
    }
}
