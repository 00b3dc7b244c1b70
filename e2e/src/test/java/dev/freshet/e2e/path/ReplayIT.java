package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
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
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.replay.KafkaSide;
import dev.freshet.ops.replay.ProgressReader;
import dev.freshet.ops.replay.Replay;
import dev.freshet.ops.replay.Turn;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.time.Time;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** A second generation on the log of the live one, swapped in under readers. */
class ReplayIT {
    private static final int TRANSACTIONS = Integer.getInteger("freshet.transactions", 300);
    private static final int SWAPS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration TURN = Duration.ofSeconds(30);

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
                    assertThat(live.epoch()).isEqualTo(i + 2);
                    assertThat(generations.getOrDefault(live.epoch(), live.number()))
                            .isEqualTo(live.number());
                }
                isEnough.set(true);
                trading.get();
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
            assertThat(generations).as("epochs that were seen").hasSizeGreaterThan(SWAPS / 2);
            Truth.assertTableIsTheTruth(database, pipeline);
        }
    }

    private Connection connect() throws SQLException {
        return new dev.freshet.runtime.jdbc.Database(
                        config.target().login(), config.target().schema(), "freshet-test", Timeouts.standard())
                .open();
    }

    private static void transact(Shop shop) throws SQLException {
        for (int i = 0; i < TRANSACTIONS; i++) {
            shop.transact();
        }
    }
}
