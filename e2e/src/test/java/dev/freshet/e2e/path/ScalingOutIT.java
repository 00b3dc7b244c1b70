package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.freshet.e2e.shop.Shop;
import dev.freshet.schemas.Names;
import dev.freshet.testkit.process.ChildJvm;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** Several instances of a process: they share the partitions, and take over what one of them leaves behind. */
class ScalingOutIT {
    /** From the moment an instance is lost to all of its partitions being worked on, and caught up with, by others. */
    private static final Duration TAKEOVER = Duration.ofSeconds(15);

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TRANSACTIONS = 100;
    private static final int PARTITIONS = 3;
    private static final Pattern TASK = Pattern.compile("/\\d+_(\\d+)/rocksdb/");

    private final SharedServers servers = SharedServers.get();
    private final long seed = Long.getLong("freshet.seed", new SplittableRandom().nextLong());

    private Database database;
    private Pipeline pipeline;
    private Connection connection;

    @BeforeEach
    void prepare() throws SQLException {
        System.out.println("seed " + seed);
        database = servers.newDatabase();
        connection = database.connect();
        pipeline = Pipeline.of(servers, database);
    }

    @AfterEach
    void stop() throws SQLException {
        pipeline.close();
        connection.close();
    }

    @ParameterizedTest
    @CsvSource({"STREAMS, 0", "STREAMS, 1", "SINK, 0"})
    void threeInstancesShareTheLoadAndTakeOverFromOneThatIsKilledAndOneThatIsFrozen(
            Pipeline.Part part, int standbyReplicas) throws Exception {
        try (Shop shop = new Shop(database, new SplittableRandom(seed));
                WatchingReader reader = new WatchingReader(database)) {
            transact(shop);
            for (Pipeline.Part other : Pipeline.Part.PROCESSES) {
                if (other != part) {
                    pipeline.start(other, Map.of());
                }
            }
            for (int instance = 1; instance <= 3; instance++) {
                pipeline.start(part, instance, Map.of("FRESHET_STREAMS_NUM_STANDBY_REPLICAS", "" + standbyReplicas));
            }
            Truth.assertTableIsTheTruth(database, pipeline);
            awaitMembersWithPartitions(part, 3);
            if (part == Pipeline.Part.STREAMS) {
                awaitTasks(PARTITIONS * (1 + standbyReplicas));
            }

            assertTakeover(shop, pipeline.instance(part, 1), ChildJvm::killHard);
            awaitMembersWithPartitions(part, 2);

            ChildJvm frozen = pipeline.instance(part, 2);
            assertTakeover(shop, frozen, ChildJvm::pause);
            frozen.resume(); // it finds that it was given up, and comes back without having written anything late
            transact(shop);
            awaitMembersWithPartitions(part, 2);

            Truth.assertTableIsTheTruth(database, pipeline);
            assertThat(reader.stop()).as("what went back, seed %d", seed).isEmpty();
            assertThat(reader.reads()).isPositive();
        }
    }

    @Test
    void anotherIngestStandsByAndTakesOverFromOneThatIsKilledAndOneThatIsFrozen() throws Exception {
        try (Shop shop = new Shop(database, new SplittableRandom(seed));
                WatchingReader reader = new WatchingReader(database)) {
            transact(shop);
            pipeline.start(Pipeline.Part.INGEST, 1, Map.of());
            pipeline.start(Pipeline.Part.STREAMS, Map.of());
            pipeline.start(Pipeline.Part.SINK, Map.of());
            Truth.assertTableIsTheTruth(database, pipeline);
            ChildJvm second = standBy(2);
            assertTakeover(shop, pipeline.instance(Pipeline.Part.INGEST, 1), ChildJvm::killHard);

            standBy(3);
            assertTakeover(shop, second, ChildJvm::pause);
            second.resume();
            transact(shop);
            Truth.assertTableIsTheTruth(database, pipeline);
            assertThat(reader.stop()).as("what went back, seed %d", seed).isEmpty();
            assertThat(reader.reads()).isPositive();
        }
    }

    private ChildJvm standBy(int instance) {
        pipeline.start(Pipeline.Part.INGEST, instance, Map.of());
        ChildJvm process = pipeline.instance(Pipeline.Part.INGEST, instance);
        await("an ingest that stands by").atMost(PATIENCE).until(() -> process.output()
                .contains("standing by"));
        return process;
    }

    private static void transact(Shop shop) throws SQLException {
        for (int i = 0; i < TRANSACTIONS; i++) {
            shop.transact();
        }
    }

    private void assertTakeover(Shop shop, ChildJvm lost, Consumer<ChildJvm> fault) throws SQLException {
        transact(shop);
        long began = System.nanoTime();
        fault.accept(lost);
        transact(shop);
        String position = text("SELECT pg_current_wal_lsn()");
        await("what was committed after the loss, seed " + seed)
                .atMost(TAKEOVER.minusNanos(System.nanoTime() - began))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(text("SELECT lsn >= '" + position + "' FROM freshet_complete_through"))
                        .as("complete through %s; %s", position, pipeline.log())
                        .isEqualTo("t"));
        System.out.printf("taken over after %.1f s%n", (System.nanoTime() - began) / 1e9);
    }

    private String text(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    private void awaitMembersWithPartitions(Pipeline.Part part, int count) {
        Names names = new Names(pipeline.name());
        String group = part == Pipeline.Part.SINK ? names.sinkGroup(1) : names.application(1);
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers.kafka().bootstrapServers()))) {
            await("%d members of %s with partitions".formatted(count, group))
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(membersWithPartitions(admin, group))
                            .as(pipeline::log)
                            .isEqualTo(count));
        }
    }

    private static long membersWithPartitions(Admin admin, String group)
            throws ExecutionException, InterruptedException {
        return admin.describeConsumerGroups(List.of(group)).all().get().get(group).members().stream()
                .filter(member -> !member.assignment().topicPartitions().isEmpty())
                .count();
    }

    /** As many as have their state open somewhere, active ones and standbys; their directories outlive them. */
    private void awaitTasks(int count) {
        await(count + " tasks, standbys among them").atMost(PATIENCE).untilAsserted(() -> {
            long open = 0;
            for (int instance = 1; instance <= 3; instance++) {
                open += openTasks(
                        pipeline.instance(Pipeline.Part.STREAMS, instance).pid());
            }
            assertThat(open).isEqualTo(count);
        });
    }

    private static long openTasks(long pid) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return files.map(ScalingOutIT::target)
                    .map(TASK::matcher)
                    .filter(Matcher::find)
                    .map(matcher -> matcher.group(1))
                    .distinct()
                    .count();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }
}
