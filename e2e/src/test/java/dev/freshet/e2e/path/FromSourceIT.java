package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.e2e.shop.Shop;
import dev.freshet.ops.reconcile.Reconcile;
import dev.freshet.ops.replay.DiffReport;
import dev.freshet.ops.replay.Drop;
import dev.freshet.ops.replay.GenerationDiff;
import dev.freshet.ops.replay.KafkaSide;
import dev.freshet.ops.replay.Replay;
import dev.freshet.ops.replay.Turn;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.time.Time;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** A generation from a snapshot of its own beside the live one, under changes: built, swapped in and out, the other one dropped. */
class FromSourceIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

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
    void itIsBuiltUnderChangesAndTakesThePlaceOfTheOldLogWhichIsDropped() throws Exception {
        long seed = Long.getLong("freshet.seed", new SplittableRandom().nextLong());
        System.out.println("seed " + seed);
        try (Shop shop = new Shop(database, new SplittableRandom(seed));
                Connection target = connect();
                KafkaSide kafka = new KafkaSide(config)) {
            ReplayIT.insertManyOrders(target);
            pipeline.startAll();
            Truth.assertTableIsTheTruth(database, pipeline);
            Replay replay = new Replay(config, target);
            Background trading = new Background(() -> {
                shop.transact();
                Time.system().pause(Duration.ofMillis(20));
            });
            run("replay", "start", "--from-source", "--wait");
            trading.stop();
            Generation next = replay.building();
            assertThat(next.log().number()).isEqualTo(2);
            Truth.assertTableIsTheTruth(database, pipeline);
            assertThat(slots(target))
                    .containsExactlyInAnyOrder(
                            config.names().slot(1), config.names().slot(2));

            assertThat(diff(target, replay.live(), next)).matches(report -> report.differences() == 0, "no difference");
            Turn turn = new Turn(config, target, Time.system());
            assertThat(turn.to(next, PATIENCE).epoch()).isEqualTo(2);
            transact(shop);
            Truth.assertTableIsTheTruth(database, pipeline);
            assertThat(turn.to(replay.standby(), PATIENCE).number()).isEqualTo(1);
            transact(shop);
            Truth.assertTableIsTheTruth(database, pipeline);
            assertThat(turn.to(replay.standby(), PATIENCE).number()).isEqualTo(2);

            Drop drop = new Drop(config, target, kafka, Time.system());
            assertThat(drop.run(replay.numbered(1), PATIENCE))
                    .contains(config.names().changes(1), config.names().features(1), "user_features_g1");
            assertThat(slots(target)).containsExactly(config.names().slot(2));
            pipeline.kill(Pipeline.Part.INGEST);
            transact(shop);
            pipeline.start(Pipeline.Part.INGEST, Map.of());
            Truth.assertTableIsTheTruth(database, pipeline);

            start(target, 3);
            drop.run(replay.building(), PATIENCE);
            assertThat(slots(target))
                    .as("dropped by ingest")
                    .containsExactly(config.names().slot(2));
            start(target, 4);
            pipeline.kill(Pipeline.Part.INGEST);
            assertThat(drop.run(replay.building(), PATIENCE))
                    .contains(config.names().slot(4));
            assertThat(slots(target))
                    .as("dropped without it")
                    .containsExactly(config.names().slot(2));
            pipeline.start(Pipeline.Part.INGEST, Map.of());
            transact(shop);
            Truth.assertTableIsTheTruth(database, pipeline);
            assertThat(slots(target)).containsExactly(config.names().slot(2));
            for (Pipeline.Part part : Pipeline.Part.PROCESSES) {
                assertThat(pipeline.handle(part).isAlive()).as("%s", part).isTrue();
            }
        }
    }

    @Test
    void theCureOfASlotThatIsGoneIsACommandAndReadersAreTurnedByThemselves() throws Exception {
        long seed = Long.getLong("freshet.seed", new SplittableRandom().nextLong());
        System.out.println("seed " + seed);
        try (Shop shop = new Shop(database, new SplittableRandom(seed));
                Connection target = connect();
                Statement statement = target.createStatement()) {
            transact(shop);
            pipeline.startAll();
            Truth.assertTableIsTheTruth(database, pipeline);
            pipeline.kill(Pipeline.Part.INGEST);
            await("its slot is dropped")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> statement.execute(
                            "SELECT pg_drop_replication_slot('" + config.names().slot(1) + "')"));
            pipeline.start(Pipeline.Part.INGEST, Map.of());
            assertThat(pipeline.process(Pipeline.Part.INGEST).exitCode(PATIENCE))
                    .isEqualTo(78);
            assertThat(pipeline.output(Pipeline.Part.INGEST))
                    .contains("the replication slot is gone", "freshet replay start --from-source --go-live");

            run("replay", "start", "--from-source", "--go-live");
            pipeline.start(Pipeline.Part.INGEST, Map.of());
            transact(shop);
            Replay replay = new Replay(config, target);
            await("live").atMost(PATIENCE).until(() -> replay.live().number() == 2);
            Truth.assertTableIsTheTruth(database, pipeline);
            assertThat(slots(target)).containsExactly(config.names().slot(2));
            for (Pipeline.Part part : Pipeline.Part.PROCESSES) {
                assertThat(pipeline.handle(part).isAlive()).as("%s", part).isTrue();
            }
        }
    }

    private void start(Connection target, int log) throws Exception {
        run("replay", "start", "--from-source");
        await("its slot").atMost(PATIENCE).until(() -> slots(target)
                .contains(config.names().slot(log)));
    }

    private void run(String... words) {
        Pipeline.Ended command = pipeline.run(Map.of(), PATIENCE, words);
        assertThat(command.code()).as(command.output()).isZero();
    }

    private List<String> slots(Connection source) throws SQLException {
        List<String> slots = new ArrayList<>();
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery("SELECT slot_name FROM pg_replication_slots WHERE starts_with("
                        + "slot_name, '" + config.names().slot(1) + "')")) {
            while (rows.next()) {
                slots.add(rows.getString(1));
            }
        }
        return slots;
    }

    private DiffReport diff(Connection target, Generation live, Generation other) throws Exception {
        dev.freshet.runtime.jdbc.Database source = new dev.freshet.runtime.jdbc.Database(
                config.source().login(), config.source().schema(), "freshet-test", Timeouts.standard());
        return new GenerationDiff(config, target, source, PATIENCE, Time.system())
                .compare(live, other, Reconcile.Progress.NONE);
    }

    private static void transact(Shop shop) throws Exception {
        for (int i = 0; i < 100; i++) {
            shop.transact();
        }
    }

    private Connection connect() throws SQLException {
        return new dev.freshet.runtime.jdbc.Database(
                        config.target().login(),
                        config.target().schema(),
                        "freshet-test",
                        Timeouts.standard().withStatement(Duration.ofMinutes(5)))
                .open();
    }
}
