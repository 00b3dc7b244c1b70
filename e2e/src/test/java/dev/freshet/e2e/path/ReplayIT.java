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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.e2e.shop.Shop;
import dev.freshet.ops.reconcile.Reconcile;
import dev.freshet.ops.replay.BuildProgress;
import dev.freshet.ops.replay.BuildProgress.Stage;
import dev.freshet.ops.replay.DiffReport;
import dev.freshet.ops.replay.Drop;
import dev.freshet.ops.replay.GenerationDiff;
import dev.freshet.ops.replay.KafkaSide;
import dev.freshet.ops.replay.ProgressReader;
import dev.freshet.ops.replay.Replay;
import dev.freshet.ops.replay.Turn;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.testkit.process.ChildJvm;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** A second generation on the log of the live one: built while processes are killed, swapped in under readers, dropped. */
class ReplayIT {
    private static final int TRANSACTIONS = Integer.getInteger("freshet.transactions", 300);
    private static final int SWAPS = 100;
    private static final int ORDERS = 20_000;

    /** On a machine that is busy otherwise a build has a tenth of the time of its threads. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration TURN = Duration.ofSeconds(60);

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

    @Test
    void aBuildGoesOnWhereItWasKilledAndIsTheTruth() throws Exception {
        long seed = Long.getLong("freshet.seed", new SplittableRandom().nextLong());
        System.out.println("seed " + seed);
        try (Shop shop = new Shop(database, new SplittableRandom(seed));
                Connection target = connect();
                KafkaSide kafka = new KafkaSide(config)) {
            insertManyOrders(target);
            pipeline.startAll();
            Truth.assertTableIsTheTruth(database, pipeline); // so that they are in the log before any TRUNCATE
            transact(shop);
            ProgressReader progress = new ProgressReader(config, target, kafka);
            Replay replay = new Replay(config, target);
            assertThatThrownBy(replay::building).isInstanceOf(Stop.Operator.class);

            try (ChildJvm command = pipeline.command("replay", "start", "--wait")) {
                await("the build")
                        .atMost(PATIENCE)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> isAThirdRead(begun(replay, progress)));
                pipeline.kill(Pipeline.Part.STREAMS);
                command.killHard();
            }
            pipeline.kill(Pipeline.Part.SINK);
            Generation next = replay.building();
            Turn turn = new Turn(config, target, Time.system());
            assertThatThrownBy(() -> turn.to(next, TURN)).hasMessageContaining("is not complete");
            BuildProgress killed = progress.read(next);
            assertThat(killed)
                    .matches(ReplayIT::isAThirdRead, "begun, and enough of it to be seen if it is read again");
            transact(shop);
            pipeline.start(Pipeline.Part.STREAMS, Map.of());
            pipeline.start(Pipeline.Part.SINK, Map.of());
            List<Long> seen = new ArrayList<>(List.of(killed.done()));
            await("the end of the build")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        BuildProgress now = progress.read(next);
                        boolean isReading = now.stage() == Stage.READING || now.stage() == Stage.WAITING;
                        if (isReading && now.done() != seen.get(seen.size() - 1)) {
                            seen.add(now.done());
                        }
                        return now.isComplete();
                    });
            assertThat(seen)
                    .as("what is committed is not read again")
                    .isSorted()
                    .hasSizeGreaterThan(2);

            transact(shop);
            assertThat(diff(target, replay.live(), next)).matches(report -> report.differences() == 0, "no difference");
            assertThat(turn.to(next, TURN).epoch()).isEqualTo(2);
            transact(shop);
            Truth.assertTableIsTheTruth(database, pipeline);

            assertThat(turn.to(replay.standby(), TURN).number()).isEqualTo(1);
            transact(shop);
            Truth.assertTableIsTheTruth(database, pipeline);

            drop(target, kafka, replay, next);
            transact(shop);
            Truth.assertTableIsTheTruth(database, pipeline);
            assertThat(pipeline.handle(Pipeline.Part.STREAMS).isAlive()).isTrue();
            assertThat(pipeline.handle(Pipeline.Part.SINK).isAlive()).isTrue();
        }
    }

    @Test
    void readersSeeOneGenerationAtATimeAndNothingGoesBackInAHundredSwaps() throws Exception {
        long seed = Long.getLong("freshet.seed", new SplittableRandom().nextLong());
        System.out.println("seed " + seed);
        try (Shop shop = new Shop(database, new SplittableRandom(seed));
                Connection target = connect();
                KafkaSide kafka = new KafkaSide(config)) {
            transact(shop);
            pipeline.startAll();
            Truth.assertTableIsTheTruth(database, pipeline);
            SwapReader.createView(target);
            Replay replay = new Replay(config, target);
            Generation next = replay.start();
            ProgressReader progress = new ProgressReader(config, target, kafka);
            await("the build").atMost(PATIENCE).until(() -> progress.read(next).isComplete());
            Turn turn = new Turn(config, target, Time.system());

            Map<Integer, Integer> generations = new ConcurrentHashMap<>();
            List<SwapReader> readers = new ArrayList<>();
            AtomicBoolean isEnough = new AtomicBoolean();
            ExecutorService traffic = Executors.newSingleThreadExecutor();
            List<Duration> took = new ArrayList<>();
            List<Duration> back = new ArrayList<>();
            try {
                for (SwapReader.Way way : SwapReader.Way.values()) {
                    readers.add(new SwapReader(way, database, generations));
                }
                Future<?> trading = traffic.submit(() -> {
                    while (!isEnough.get()) {
                        shop.transact();
                        Time.system().pause(Duration.ofMillis(20));
                    }
                    return null;
                });
                for (int i = 0; i < SWAPS; i++) {
                    long begun = Time.system().nanoTime();
                    Generation live = turn.to(i == 0 ? next : replay.standby(), TURN);
                    took.add(Duration.ofNanos(Time.system().nanoTime() - begun));
                    if (live.number() < next.number()) {
                        back.add(took.get(i));
                    }
                    assertThat(live.epoch()).isEqualTo(i + 2);
                    assertThat(generations.getOrDefault(live.epoch(), live.number()))
                            .isEqualTo(live.number());
                }
                isEnough.set(true);
                trading.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                for (SwapReader reader : readers) {
                    assertThat(reader.stop()).as("seed %d", seed).isEmpty();
                    assertThat(reader.reads()).isGreaterThan(SWAPS);
                }
            } finally {
                isEnough.set(true);
                traffic.shutdownNow();
                for (SwapReader reader : readers) {
                    reader.close();
                }
            }
            took.sort(Comparator.naturalOrder());
            System.out.println("a swap took " + took.get(SWAPS / 2) + ", at most " + took.get(SWAPS - 1));
            assertThat(took.get(SWAPS / 2)).isLessThan(Duration.ofSeconds(1));
            back.sort(Comparator.naturalOrder());
            Duration almostAll = back.get(back.size() * 95 / 100);
            System.out.println("a rollback took " + back.get(back.size() / 2) + ", p95 " + almostAll);
            assertThat(back).hasSize(SWAPS / 2);
            assertThat(almostAll).as("the 95th percentile of rollbacks").isLessThan(Duration.ofSeconds(1));
            assertThat(generations).as("epochs that were seen").hasSizeGreaterThan(SWAPS / 2);
            Truth.assertTableIsTheTruth(database, pipeline);
        }
    }

    private static boolean isAThirdRead(BuildProgress build) {
        return build.stage() == Stage.READING && build.done() * 3 >= build.total();
    }

    private BuildProgress begun(Replay replay, ProgressReader progress) throws SQLException, InterruptedException {
        try {
            return progress.read(replay.building());
        } catch (Stop.Operator e) {
            return new BuildProgress(0, Stage.WAITING, 0, 0, "the command has not begun it yet");
        }
    }

    private DiffReport diff(Connection target, Generation live, Generation other) throws Exception {
        dev.freshet.runtime.jdbc.Database source = new dev.freshet.runtime.jdbc.Database(
                config.source().login(), config.source().schema(), "freshet-test", Timeouts.standard());
        return new GenerationDiff(config, target, source, PATIENCE, Time.system())
                .compare(live, other, Reconcile.Progress.NONE);
    }

    private void drop(Connection target, KafkaSide kafka, Replay replay, Generation standby) throws Exception {
        Drop drop = new Drop(config, target, kafka, Time.system());
        assertThatThrownBy(() -> drop.run(replay.live(), PATIENCE)).hasMessageContaining("that readers see");
        List<String> removed = drop.run(replay.numbered(standby.number()), PATIENCE);
        assertThat(removed)
                .contains(
                        "user_features_g2",
                        config.names().features(2),
                        config.names().application(2))
                .doesNotContain(config.names().changes(1));
        assertThat(removed).anyMatch(name -> name.endsWith("-users-changelog"));
        assertThat(drop.run(replay.numbered(standby.number()), PATIENCE))
                .as("again, as after an interruption")
                .contains("user_features_g2");
        try (Statement statement = target.createStatement();
                ResultSet row = statement.executeQuery("SELECT to_regclass('user_features_g2') IS NULL")) {
            row.next();
            assertThat(row.getBoolean(1)).isTrue();
        }
    }

    private Connection connect() throws SQLException {
        return new dev.freshet.runtime.jdbc.Database(
                        config.target().login(), config.target().schema(), "freshet-test", Timeouts.standard())
                .open();
    }

    /** So that the build takes long enough to be killed. */
    static void insertManyOrders(Connection source) throws SQLException {
        try (Statement statement = source.createStatement()) {
            statement.execute("INSERT INTO users (id, email) SELECT n, 'u' || n FROM generate_series(200, 5199) n");
            statement.execute(
                    "INSERT INTO orders (id, user_id, total, created_at) SELECT 10000000 + n, 200 + n % 5000, 1,"
                            + " now() - interval '1 second' * (n %% 4000000) FROM generate_series(1, %d) n"
                                    .formatted(ORDERS));
        }
    }

    private static void transact(Shop shop) throws SQLException {
        for (int i = 0; i < TRANSACTIONS; i++) {
            shop.transact();
        }
    }
}
