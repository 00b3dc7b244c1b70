package dev.freshet.sink;

import static dev.freshet.sink.Deployment.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.runtime.generation.Activation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.lifecycle.ExitCode;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.avro.SchemaPatience;
import dev.freshet.schemas.change.ChangeKey;

class SinkServiceIT {
    private static final String VIEW = "SELECT user_id, version, epoch FROM user_features ORDER BY user_id";
    private static final String G1 = "SELECT user_id, version, incomplete FROM user_features_g1 ORDER BY user_id";

    private Deployment deployment;

    @BeforeEach
    void deploy() throws SQLException {
        deployment = new Deployment();
    }

    @AfterEach
    void undeploy() throws Exception {
        deployment.close();
    }

    @Test
    void committedEntriesAreWrittenAndAbortedOnesAreNot() {
        SinkService sink = deployment.startSink();
        FeaturesTopic features = deployment.features(1);
        features.row(7, 10).row(8, 10).watermarks(10).commit();
        await("live").untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|10|1", "8|10|1"));

        features.row(7, 11).removal(8, 11).abort();
        features.row(9, 12).removal(8, 12).erased(8).watermarks(12).commit();

        await("the second transaction")
                .untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|10|1", "9|12|1"));
        assertThat(sink.meter().guardRejected()).isZero();
        assertThat(sink.meter().rows()).isEqualTo(3);
        assertThat(sink.meter().removals()).isEqualTo(1);
        assertThat(sink.meter().deadLetters()).isZero();
    }

    @Test
    void theNextGenerationIsWrittenBesideTheLiveOneAndReplacesItWhenComplete() throws SQLException {
        deployment.startSink();
        FeaturesTopic first = deployment.features(1);
        first.row(7, 10).watermarks(10).commit();
        await("live").untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|10|1"));
        try (Connection connection = deployment.connect()) {
            new Generations(connection).allocate(1, Deployment.PARTITIONS, "source");
        }

        FeaturesTopic second = deployment.features(2);
        second.row(7, 3).watermark(0, 10).commit();
        await("written").untilAsserted(() -> assertThat(deployment.query("SELECT version FROM user_features_g2"))
                .containsExactly("3"));
        assertThat(deployment.query(VIEW)).containsExactly("7|10|1");
        second.watermark(1, 10).commit();

        await("swapped").untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|3|2"));
        assertThat(deployment.query(G1))
                .as("its log is dead, and it stays as it was")
                .containsExactly("7|10|f");
    }

    @Test
    void aGenerationThatIsGivenUpIsWrittenNoMore() throws SQLException {
        SinkService sink = deployment.startSink();
        FeaturesTopic features = deployment.features(1);
        features.row(7, 10).commit();
        await("written").untilAsserted(() -> assertThat(deployment.query(G1)).containsExactly("7|10|f"));
        try (Connection connection = deployment.connect()) {
            new Generations(connection).abandon(1, "in a test");
            new Generations(connection).allocate(1, Deployment.PARTITIONS, "source");
        }
        deployment.features(2).row(8, 1).watermarks(1).commit();
        await("live").untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("8|1|1"));
        assertThat(sink.ended().toCompletableFuture()).isNotDone();
    }

    @Test
    void aReplayThatIsNotCompleteWithinTheLimitIsGivenUpAndACompleteOneIsNot() throws SQLException {
        SinkService sink = deployment.startSink();
        deployment.features(1).row(7, 10).watermarks(10).commit();
        await("live").untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|10|1"));
        String states = "SELECT generation, state, note <> '' FROM freshet_generation ORDER BY generation";
        try (Connection connection = deployment.connect()) {
            Generations generations = new Generations(connection);
            generations.allocateReplay();
            FeaturesTopic second = deployment.features(2);
            second.row(7, 3).watermark(0, 10).commit();
            await("half of it").untilAsserted(() -> assertThat(
                            deployment.query("SELECT count(*) FROM freshet_watermark" + " WHERE generation = 2"))
                    .containsExactly("1"));
            begunBefore("5 days 23 hours");
            second.watermark(1, 10).commit();
            await("complete").untilAsserted(() -> assertThat(
                            deployment.query("SELECT count(*) FROM freshet_watermark" + " WHERE generation = 2"))
                    .containsExactly("2"));
            begunBefore("6 days 1 minute");
            await("left alone").during(Duration.ofSeconds(2)).untilAsserted(() -> assertThat(deployment.query(states))
                    .containsExactly("1|live|f", "2|building|f"));

            generations.abandon(2, "in a test");
            generations.allocateReplay();
            begunBefore("5 days 23 hours");
            await("left alone").during(Duration.ofSeconds(2)).untilAsserted(() -> assertThat(deployment.query(states))
                    .contains("3|building|f"));
            begunBefore("6 days 1 minute");
            await("given up").untilAsserted(() -> assertThat(deployment.query(states))
                    .containsExactly("1|live|f", "2|abandoned|t", "3|abandoned|t"));
        }
        assertThat(sink.ended().toCompletableFuture()).isNotDone();
    }

    @Test
    void aReplayThatCannotBeWrittenIsGivenUpAndTheLiveOneGoesOn() throws SQLException {
        SinkService sink = deployment.startSink();
        FeaturesTopic first = deployment.features(1);
        first.row(7, 10).watermarks(10).commit();
        await("live").untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|10|1"));
        try (Connection connection = deployment.connect()) {
            new Generations(connection).allocateReplay();
        }
        FeaturesTopic second = deployment.features(2);
        second.row(7, 3).commit();
        await("written").untilAsserted(() -> assertThat(deployment.query("SELECT version FROM user_features_g2"))
                .containsExactly("3"));

        deployment.run("ALTER TABLE user_features_g2 DROP COLUMN order_count_7d CASCADE");
        second.row(7, 5).commit();
        await("given up").untilAsserted(() -> assertThat(
                        deployment.query("SELECT state, note FROM freshet_generation WHERE generation = 2"))
                .singleElement()
                .asString()
                .startsWith("abandoned|the target refuses what the sink does")
                .endsWith("; see the log of sink"));
        first.row(7, 11).watermarks(11).commit();
        await("the live one goes on")
                .untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|11|1"));
        assertThat(sink.ended().toCompletableFuture()).isNotDone();
    }

    private void begunBefore(String interval) throws SQLException {
        deployment.run("UPDATE freshet_generation SET created_at = now() - interval '" + interval
                + "' WHERE state = 'building'");
    }

    @Test
    void whatCannotBeUsedIsADeadLetterAndMakesItsUserIncomplete() throws SQLException {
        SinkService sink = deployment.startSink();
        FeaturesTopic features = deployment.features(1);
        features.row(7, 10).row(8, 10).row(9, 10).commit();
        await("written").untilAsserted(() -> assertThat(deployment.query(G1)).hasSize(3));

        features.garbage(7).row(8, 11, 3_000_000_000L).row(9, 11).commit();

        await("written")
                .untilAsserted(() -> assertThat(deployment.query(G1)).containsExactly("7|10|t", "8|10|t", "9|11|f"));
        assertThat(sink.meter().deadLetters()).isEqualTo(2);
        assertThat(deployment.deadLetters())
                .hasSize(2)
                .allSatisfy(letter -> {
                    assertThat(letter.stage()).isEqualTo("sink");
                    assertThat(letter.generation()).isEqualTo(1);
                    assertThat(letter.value()).isNotEmpty();
                })
                .extracting(letter -> letter.row())
                .containsExactlyInAnyOrder(ChangeKey.user(Id.of(7)), ChangeKey.user(Id.of(8)));
        features.row(7, 12).row(8, 12).commit();
        await("mended")
                .untilAsserted(() -> assertThat(deployment.query(G1)).containsExactly("7|12|f", "8|12|f", "9|11|f"));
    }

    @Test
    void aSchemaThatTheRegistryDoesNotKnowIsWaitedForAndThenADeadLetter() throws SQLException {
        SinkService sink = deployment.startSink();
        FeaturesTopic features = deployment.features(1);
        features.row(7, 10).commit();
        await("written").untilAsserted(() -> assertThat(deployment.query(G1)).hasSize(1));

        // However long it has been there.
        features.ofUnknownSchema(7, Time.system().now().minus(Duration.ofDays(3)))
                .commit();
        await("waited for").during(Duration.ofSeconds(2)).untilAsserted(() -> assertThat(deployment.query(G1))
                .containsExactly("7|10|f"));
        assertThat(sink.meter().deadLetters()).isZero();

        deployment.passes(SchemaPatience.LENGTH);
        await("given up").untilAsserted(() -> assertThat(deployment.query(G1)).containsExactly("7|10|t"));
        assertThat(deployment.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.row()).isEqualTo(ChangeKey.user(Id.of(7)));
            assertThat(letter.reason()).contains("no schema 2130706433");
            assertThat(letter.value()).containsExactly(0, 0x7F, 0, 0, 1, 9);
        });
        features.row(7, 11).commit();
        await("mended").untilAsserted(() -> assertThat(deployment.query(G1)).containsExactly("7|11|f"));
    }

    @Test
    void aRowThatWaitsForItsUserOutlivesARestart() throws SQLException {
        SinkService first = deployment.startSink();
        FeaturesTopic features = deployment.features(1);
        features.row(7, 1).watermarks(1).commit();
        await("live").untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|1|1"));
        deployment.run("CREATE TABLE users (id bigint PRIMARY KEY)");
        deployment.run("INSERT INTO users VALUES (7)");
        deployment.run(
                "ALTER TABLE user_features_g1 ADD FOREIGN KEY (user_id) REFERENCES users (id)" + " ON DELETE CASCADE");
        deployment.run("DELETE FROM users WHERE id = 7");
        features.row(7, 2).row(8, 2).watermarks(2).commit();
        await("waiting").untilAsserted(() -> assertThat(deployment.query("SELECT count(*) FROM freshet_sink_waiting"))
                .containsExactly("2"));
        first.close();

        SinkService second = deployment.startSink();
        deployment.run("INSERT INTO users VALUES (8)");
        await("the user came")
                .untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("8|2|1"));
        features.removal(7, 3).watermarks(3).commit();

        await("complete").untilAsserted(() -> assertThat(deployment.query("SELECT lsn FROM freshet_complete_through"))
                .containsExactly("0/3"));
        assertThat(deployment.deadLetters()).isEmpty();
        assertThat(second.meter().guardRejected()).isZero();
    }

    @Test
    void aLockOnTheTableIsWaitedOut() throws Exception {
        SinkService sink = deployment.startSink();
        FeaturesTopic features = deployment.features(1);
        features.row(7, 1).watermarks(1).commit();
        await("live").untilAsserted(() -> assertThat(deployment.query(VIEW)).hasSize(1));
        try (Connection connection = deployment.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE user_features_g1 IN ACCESS EXCLUSIVE MODE");
            features.row(7, 2).row(8, 2).watermarks(2).commit();
            awaitSecondAttemptToLock(statement);
            connection.rollback();
        }
        await("written").untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|2|1", "8|2|1"));
        assertThat(sink.ended().toCompletableFuture()).isNotDone();
    }

    /** @param holder of the transaction that has the lock */
    private static void awaitSecondAttemptToLock(Statement holder) {
        String waiting =
                "SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)) AND ";
        await("a first lock timeout").untilAsserted(() -> assertThat(
                        holder.executeQuery(waiting + "waitstart < clock_timestamp() - interval '4 s'")
                                .next())
                .isTrue());
        await("an attempt after it").untilAsserted(() -> assertThat(
                        holder.executeQuery(waiting + "waitstart > clock_timestamp() - interval '1 s'")
                                .next())
                .isTrue());
    }

    @Test
    void aRegistryOutageIsWaitedOutAndMakesNoDeadLetter() {
        AtomicBoolean isAway = new AtomicBoolean(true);
        SinkService sink = deployment.startSink(
                deployment.settings("one"), unless(isAway, deployment.registry()), WriteHooks.NONE);
        deployment.features(1).row(7, 1).watermarks(1).commit();
        await("assigned").untilAsserted(() -> assertThat(deployment.query("SELECT * FROM freshet_sink_offset"))
                .hasSize(2));
        isAway.set(false);
        await("live").untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|1|1"));
        assertThat(sink.meter().deadLetters()).isZero();
    }

    @Test
    void aPositionOlderThanRemovalsAreKeptStopsTheSinkIfThereIsSomethingBehindIt() throws Exception {
        SinkService first = deployment.startSink();
        FeaturesTopic features = deployment.features(1);
        features.row(7, 1).watermarks(1).commit();
        await("live").untilAsserted(() -> assertThat(deployment.query(VIEW)).hasSize(1));
        first.close();
        String longAgo = "UPDATE freshet_sink_offset SET updated_at = now() - interval '6 days 1 minute'";
        deployment.run(longAgo);
        deployment.run("DELETE FROM freshet_sink_offset WHERE part = 1");

        SinkService second = deployment.startSink();
        await("it has looked where it stands, and noted the one that was missing")
                .untilAsserted(() -> assertThat(deployment.query("SELECT count(*) FROM freshet_sink_offset"))
                        .containsExactly("2"));
        features.row(7, 2).watermarks(2).commit();
        await("nothing was missed")
                .untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|2|1"));
        second.close();

        features.row(7, 3).watermarks(3).commit();
        deployment.run(longAgo);
        assertStops(deployment.startSink(), "6 days old", "freshet replay start --from-source --go-live");
    }

    /** Without a stop, whereupon its position would tell: but the cleaner may have been there before it. */
    @Test
    void anEntryThatIsTakenUpAWeekLateStopsTheSink() throws Exception {
        SinkService sink = deployment.startSink();
        FeaturesTopic features = deployment.features(1);
        features.row(7, 1).watermarks(1).commit();
        await("live").untilAsserted(() -> assertThat(deployment.query(VIEW)).hasSize(1));
        Instant now = Time.system().now();

        features.removalWritten(now.minus(Duration.ofDays(7).minusMinutes(5)), 7, 2)
                .watermarks(2)
                .commit();
        await("in time").untilAsserted(() -> assertThat(deployment.query(VIEW)).isEmpty());

        features.removalWritten(now.minus(Duration.ofDays(7)), 7, 3).commit();
        assertStops(sink, "later than 7 days", "freshet replay start --from-source --go-live");
    }

    @Test
    void aTopicThatEndsBeforeTheStoredPositionStopsTheSinkUnlessANewerGenerationIsBuilt() throws Exception {
        SinkService first = deployment.startSink();
        deployment.features(1).row(7, 1).row(8, 1).watermarks(1).commit();
        await("live").untilAsserted(() -> assertThat(deployment.query(VIEW)).hasSize(2));
        first.close();
        deployment.loseFeatures(1);

        assertStops(
                deployment.startSink(),
                "which the target has reached: the brokers have lost",
                "freshet replay start --from-source --go-live");

        try (Connection connection = deployment.connect()) {
            new Generations(connection).allocate(1, Deployment.PARTITIONS, "source");
        }
        SinkService third = deployment.startSink();
        deployment.features(2).row(9, 1).watermarks(1).commit();
        await("the next one is written")
                .untilAsserted(() -> assertThat(deployment.query("SELECT user_id FROM user_features_g2"))
                        .containsExactly("9"));
        assertThat(third.ended().toCompletableFuture()).isNotDone();
    }

    @Test
    void aTopicThatIsLostWhileItIsReadStopsTheSink() throws Exception {
        SinkService sink = deployment.startSink();
        deployment.features(1).row(7, 1).row(8, 1).watermarks(1).commit();
        await("live").untilAsserted(() -> assertThat(deployment.query(VIEW)).hasSize(2));
        deployment.loseFeatures(1);
        assertStops(sink, "freshet replay start --from-source --go-live");
    }

    @Test
    void aTargetThatIsRestoredIsWrittenOnFromItsOwnPosition() throws SQLException {
        SinkService sink = deployment.startSink();
        FeaturesTopic features = deployment.features(1);
        features.row(7, 1).row(8, 1).row(9, 1).watermarks(1).commit();
        await("live").untilAsserted(() -> assertThat(deployment.query(VIEW)).hasSize(3));
        deployment.backUp(1);
        features.row(7, 2).removal(8, 2).row(10, 2).watermarks(2).commit();
        await("written")
                .untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|2|1", "9|1|1", "10|2|1"));

        deployment.restore(1);
        assertThat(deployment.query(VIEW)).containsExactly("7|1|1", "8|1|1", "9|1|1");
        features.row(9, 3).watermarks(3).commit();

        await("written again")
                .untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|2|1", "9|3|1", "10|2|1"));
        await("complete").untilAsserted(() -> assertThat(deployment.query("SELECT lsn FROM freshet_complete_through"))
                .containsExactly("0/3"));
        assertThat(deployment.query("SELECT user_id, version, removed, count(*) FROM user_features_history"
                        + " GROUP BY 1, 2, 3 ORDER BY 1, 2"))
                .as("the history too has each version once")
                .containsExactly("7|1|f|1", "7|2|f|1", "8|1|f|1", "8|2|t|1", "9|1|f|1", "9|3|f|1", "10|2|f|1");
        assertThat(sink.meter().guardRejected()).isZero();
        assertThat(sink.meter().deadLetters()).isZero();
        assertThat(sink.ended().toCompletableFuture()).isNotDone();
    }

    private static void assertStops(SinkService sink, String... told) {
        assertThatThrownBy(() -> sink.ended().toCompletableFuture().get(60, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContainingAll(told);
    }

    @Test
    void aTableThatIsGoneStopsTheSinkWithTheReason() throws Exception {
        SinkService sink = deployment.startSink();
        FeaturesTopic features = deployment.features(1);
        features.row(7, 1).commit();
        await("written").untilAsserted(() -> assertThat(deployment.query(G1)).hasSize(1));
        deployment.run("DROP TABLE user_features_g1 CASCADE");
        features.row(7, 2).commit();

        assertStops(sink, "user_features_g1 is gone", "freshet replay start --from-source --go-live");
    }

    /** Whoever drops it in a transaction has it locked until then. */
    @Test
    void aTableThatIsGoneAfterALockThatTimedOutStopsTheSinkWithTheReason() throws Exception {
        SinkService sink = deployment.startSink();
        FeaturesTopic features = deployment.features(1);
        features.row(7, 1).commit();
        await("written").untilAsserted(() -> assertThat(deployment.query(G1)).hasSize(1));
        try (Connection connection = deployment.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("DROP TABLE user_features_g1 CASCADE");
            features.row(7, 2).commit();
            awaitSecondAttemptToLock(statement);
            connection.commit();
        }

        assertStops(sink, "user_features_g1 is gone", "freshet replay start --from-source --go-live");
    }

    @Test
    void theTableOfAReplayThatIsGoneGivesItUpAndThatOfAStandbyIsDoneWithout() throws Exception {
        SinkService sink = deployment.startSink();
        FeaturesTopic first = deployment.features(1);
        first.row(7, 1).watermarks(1).commit();
        await("live").untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|1|1"));
        try (Connection connection = deployment.connect()) {
            new Generations(connection).allocateReplay();
        }
        FeaturesTopic second = deployment.features(2);
        second.row(7, 1).commit();
        await("written").untilAsserted(() -> assertThat(deployment.query("SELECT version FROM user_features_g2"))
                .containsExactly("1"));
        deployment.run("DROP TABLE user_features_g2 CASCADE");
        second.row(7, 2).commit();
        await("given up").untilAsserted(() -> assertThat(deployment.query("SELECT state, note FROM freshet_generation"))
                .containsExactlyInAnyOrder(
                        "live|",
                        "abandoned|table user_features_g2 is gone, which generation 2 was written to;"
                                + " see the log of sink"));

        FeaturesTopic third = deployment.features(3);
        try (Connection connection = deployment.connect()) {
            new Generations(connection).allocateReplay();
            third.row(7, 1).watermarks(1).commit();
            await("complete").untilAsserted(() -> assertThat(
                            deployment.query("SELECT count(*) FROM freshet_watermark WHERE generation = 3"))
                    .containsExactly("2"));
            new Activation(deployment.config().names(), deployment.config().catalogue())
                    .activate(connection, 3, GenerationState.BUILDING);
        }
        await("swapped").untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|1|2"));
        deployment.run("DROP TABLE user_features_g1 CASCADE");
        first.row(7, 2).commit();
        third.row(7, 3).watermarks(3).commit();
        await("the live one goes on")
                .untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|3|2"));
        await("the standby is left alone").during(Duration.ofSeconds(2)).untilAsserted(() -> assertThat(
                        sink.ended().toCompletableFuture())
                .isNotDone());
    }

    /** Read from the first entry once more, the table would have user 8 again. */
    @Test
    void positionsThatAreGoneStopTheSinkAndAreNoHindranceToTheNextGeneration() throws Exception {
        SinkService sink = deployment.startSink();
        FeaturesTopic features = deployment.features(1);
        features.row(7, 1).row(8, 1).watermarks(1).commit();
        await("live").untilAsserted(() -> assertThat(deployment.query(VIEW)).hasSize(2));
        features.removal(8, 2).watermarks(2).commit();
        await("removed").untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|1|1"));
        deployment.run("DROP TABLE freshet_sink_offset");
        features.row(7, 3).commit();

        assertStops(
                sink,
                "the positions of generation 1 are gone, up to which user_features_g1 was written",
                "freshet replay start --from-source --go-live");
        assertThat(deployment.query(VIEW)).as("as it was").containsExactly("7|1|1");
        assertStops(deployment.startSink(), "the positions of generation 1 are gone");
        assertTheNextOneBecomesLive();
    }

    /** What was in it is before them, and would never be read again. */
    @ParameterizedTest
    @ValueSource(strings = {"freshet_sink_waiting", "freshet_sink_lost"})
    void positionsAreWorthNothingWithoutWhatWaitedBeforeThem(String table) throws Exception {
        SinkService sink = deployment.startSink();
        deployment.features(1).row(7, 1).watermarks(1).commit();
        await("live").untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|1|1"));
        sink.close();
        deployment.run("DROP TABLE " + table);

        assertStops(
                deployment.startSink(),
                "the positions of generation 1 are gone",
                "freshet replay start --from-source --go-live");
        assertTheNextOneBecomesLive();
    }

    private void assertTheNextOneBecomesLive() throws SQLException {
        try (Connection connection = deployment.connect()) {
            new Generations(connection).allocate(1, Deployment.PARTITIONS, "source");
        }
        SinkService sink = deployment.startSink();
        deployment.features(2).row(9, 4).watermarks(4).commit();
        await("the next one is live")
                .untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("9|4|2"));
        assertThat(sink.ended().toCompletableFuture()).isNotDone();
    }

    @Test
    void watermarksThatAreGoneAreToldAnew() throws SQLException {
        SinkService sink = deployment.startSink();
        FeaturesTopic features = deployment.features(1);
        features.row(7, 1).watermarks(1).commit();
        await("live").untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|1|1"));
        deployment.run("DROP TABLE freshet_watermark CASCADE");
        features.row(7, 2).watermarks(2).commit();
        await("complete").untilAsserted(() -> assertThat(deployment.query("SELECT lsn FROM freshet_complete_through"))
                .containsExactly("0/2"));
        assertThat(deployment.query(VIEW)).containsExactly("7|2|1");
        assertThat(sink.ended().toCompletableFuture()).isNotDone();
    }

    @Test
    void aTransactionHasNoMoreRecordsThanItMay() {
        AtomicInteger commits = new AtomicInteger();
        Map<String, String> settings = deployment.settings("one");
        settings.put("sink.max.batch", "50");
        deployment.startSink(settings, deployment.registry(), new WriteHooks() {
            @Override
            public void afterCommit() {
                commits.incrementAndGet();
            }
        });
        FeaturesTopic features = deployment.features(1);
        for (int user = 1; user <= 1_000; user++) {
            features.row(user, 1);
        }
        features.watermarks(1).commit();

        await("live").untilAsserted(() -> assertThat(deployment.query(VIEW)).hasSize(1_000));
        assertThat(commits).hasValueGreaterThanOrEqualTo(20);
    }

    @Test
    void anotherSinkOfTheSameIdEndsTheOneThatRunsAndGoesOn() throws Exception {
        SinkService first = deployment.startSink();
        FeaturesTopic features = deployment.features(1);
        features.row(7, 1).watermarks(1).commit();
        await("live").untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|1|1"));

        SinkService second = deployment.startSink();

        assertThatThrownBy(() -> first.ended().toCompletableFuture().get(30, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContaining("another sink runs under the same sink.instance.id")
                .satisfies(stop -> assertThat(ExitCode.of(stop)).isEqualTo(ExitCode.OPERATOR));
        features.row(7, 2).row(8, 2).watermarks(2).commit();
        await("written by the second")
                .untilAsserted(() -> assertThat(deployment.query(VIEW)).containsExactly("7|2|1", "8|2|1"));
        assertThat(second.ended().toCompletableFuture()).isNotDone();
    }

    /** The client, failing as without an answer while the registry is away. */
    private static SchemaRegistryClient unless(AtomicBoolean isAway, SchemaRegistryClient client) {
        return (SchemaRegistryClient) Proxy.newProxyInstance(
                SinkServiceIT.class.getClassLoader(),
                new Class<?>[] {SchemaRegistryClient.class},
                (proxy, method, arguments) -> {
                    if (isAway.get()) {
                        throw new IOException("connection refused");
                    }
                    try {
                        return method.invoke(client, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
