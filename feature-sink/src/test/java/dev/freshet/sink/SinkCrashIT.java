package dev.freshet.sink;

import static dev.freshet.sink.Deployment.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.testkit.process.ChildJvm;
import dev.freshet.testkit.servers.PostgresServer;

class SinkCrashIT {
    private static final int USERS = 400;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"beforeCommit", "afterCommit"})
    void aSinkKilledAroundACommitLeavesNothingOutAndNothingTwice(String moment) throws Exception {
        try (Deployment deployment = new Deployment()) {
            Path settings = directory.resolve("settings");
            Properties properties = new Properties();
            properties.putAll(deployment.settings("one"));
            try (Writer out = Files.newBufferedWriter(settings)) {
                properties.store(out, null);
            }
            try (ChildJvm child = ChildJvm.running(SinkProcess.class)
                    .jvmOptions("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                    .arguments(settings.toString(), moment, "5")
                    .start()) {
                FeaturesTopic features = deployment.features(1);
                for (int version = 1; version <= 3; version++) {
                    for (int user = 0; user < USERS; user++) {
                        features.row(user, version);
                    }
                    features.watermarks(version).commit();
                }
                assertThat(child.exitCode(Duration.ofSeconds(60))).isEqualTo(137);
            }
            long before = Long.parseLong(deployment
                    .query("SELECT count(*) FROM user_features_history")
                    .get(0));
            assertThat(before).isBetween(1L, 3L * USERS - 1);

            SinkService successor = deployment.startSink();

            await("complete")
                    .untilAsserted(() -> assertThat(deployment.query("SELECT lsn FROM freshet_complete_through"))
                            .containsExactly("0/3"));
            assertThat(deployment.query("SELECT count(*), min(version), max(version) FROM user_features"))
                    .containsExactly(USERS + "|3|3");
            assertThat(deployment.query(
                            "SELECT user_id, version FROM user_features_history GROUP BY 1, 2 HAVING count(*) > 1"))
                    .isEmpty();
            assertThat(successor.meter().rows() + before)
                    .isEqualTo(Long.parseLong(deployment
                            .query("SELECT count(*) FROM user_features_history")
                            .get(0)));
            assertThat(successor.meter().guardRejected()).isZero();
        }
    }

    /** The group gives its partitions to another after 10 s, and that would have to wait. */
    @Test
    void aSinkThatIsFrozenWithinItsTransactionKeepsNoLockForAsLongAsItsPartitions() throws Exception {
        try (Deployment deployment = new Deployment();
                Connection connection = deployment.connect();
                Statement statement = connection.createStatement()) {
            CountDownLatch thaw = new CountDownLatch(1);
            AtomicBoolean freeze = new AtomicBoolean();
            CountDownLatch frozen = new CountDownLatch(1);
            deployment.startSink(deployment.settings("frozen"), deployment.registry(), new WriteHooks() {
                @Override
                public void beforeCommit() {
                    if (freeze.compareAndSet(true, false)) {
                        frozen.countDown();
                        awaitLatch(thaw);
                    }
                }
            });
            FeaturesTopic features = deployment.features(1);
            features.row(7, 1).watermarks(1).commit();
            await("live").untilAsserted(() -> assertThat(deployment.query("SELECT * FROM user_features"))
                    .hasSize(1));
            freeze.set(true);
            features.row(8, 2).watermarks(2).commit();
            assertThat(frozen.await(30, TimeUnit.SECONDS)).isTrue();

            statement.execute("SET lock_timeout = '8 s'");
            statement.execute("SELECT FROM freshet_sink_offset FOR UPDATE");
            thaw.countDown();

            await("the sink goes on").untilAsserted(() -> assertThat(deployment.query("SELECT * FROM user_features"))
                    .hasSize(2));
        }
    }

    @Test
    void whatAZombieHasReadIsNotWrittenAfterItsPartitionsWentToAnother() throws Exception {
        try (Deployment deployment = new Deployment()) {
            CountDownLatch thaw = new CountDownLatch(1);
            AtomicBoolean freeze = new AtomicBoolean();
            CountDownLatch frozen = new CountDownLatch(1);
            Map<String, String> settings = deployment.settings("zombie");
            settings.put("kafka.properties.consumer.max.poll.interval.ms", "1000");
            SinkService zombie = deployment.startSink(settings, deployment.registry(), new WriteHooks() {
                @Override
                public void beforeWrite() {
                    if (freeze.compareAndSet(true, false)) {
                        frozen.countDown();
                        awaitLatch(thaw);
                    }
                }
            });
            FeaturesTopic features = deployment.features(1);
            features.row(7, 1).row(8, 1).watermarks(1).commit();
            await("live").untilAsserted(() -> assertThat(deployment.query("SELECT * FROM user_features"))
                    .hasSize(2));
            freeze.set(true);
            features.row(7, 2).row(8, 2).watermarks(2).commit();
            assertThat(frozen.await(30, TimeUnit.SECONDS)).isTrue();

            deployment.startSink();
            features.removal(7, 3).removal(8, 3).watermarks(3).commit();
            await("the other has written")
                    .untilAsserted(() -> assertThat(deployment.query("SELECT lsn FROM freshet_complete_through"))
                            .containsExactly("0/3"));
            List<String> history = new ArrayList<>(deployment.query(
                    "SELECT user_id, version, removed FROM user_features_history ORDER BY version, user_id"));
            thaw.countDown();
            features.row(9, 4).watermarks(4).commit();

            await("both go on")
                    .untilAsserted(() -> assertThat(deployment.query("SELECT lsn FROM freshet_complete_through"))
                            .containsExactly("0/4"));
            zombie.close();
            assertThat(deployment.query("SELECT user_id FROM user_features")).containsExactly("9");
            history.add("9|4|f");
            assertThat(deployment.query(
                            "SELECT user_id, version, removed FROM user_features_history ORDER BY version, user_id"))
                    .isEqualTo(history);
        }
    }

    @Test
    void aTargetThatIsKilledAndRestartedIsWaitedFor() throws Exception {
        try (PostgresServer postgres = new PostgresServer(directory.resolve("postgres"), 0)) {
            postgres.start();
            try (Deployment deployment = new Deployment(postgres.createDatabase("target"))) {
                SinkService sink = deployment.startSink();
                FeaturesTopic features = deployment.features(1);
                features.row(7, 1).watermarks(1).commit();
                await("live").untilAsserted(() -> assertThat(deployment.query("SELECT * FROM user_features"))
                        .hasSize(1));

                postgres.killHard();
                for (int version = 2; version <= 20; version++) {
                    features.row(7, version)
                            .row(100 + version, version)
                            .watermarks(version)
                            .commit();
                }
                postgres.restart();

                await("complete")
                        .untilAsserted(() -> assertThat(deployment.query("SELECT lsn FROM freshet_complete_through"))
                                .containsExactly("0/14"));
                assertThat(deployment.query("SELECT count(*), max(version) FROM user_features"))
                        .containsExactly("20|20");
                assertThat(sink.meter().guardRejected()).isZero();
                assertThat(sink.ended().toCompletableFuture()).isNotDone();
            }
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
