package dev.freshet.ops.erase;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import dev.freshet.ops.HookedTime;
import dev.freshet.ops.erase.UserTopic.Kind;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.generation.CopyRegister;
import dev.freshet.runtime.generation.ErasureRegister;
import dev.freshet.runtime.generation.ErasureRegister.Setting;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** A changelog, and a features topic that is fed; nobody reads them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompactionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final String WEEK = "604800000";
    private static final String SEGMENT = TopicConfig.SEGMENT_MS_CONFIG;
    private static final byte[] VALUE = {1};
    private static final String RETENTION = TopicConfig.DELETE_RETENTION_MS_CONFIG;
    private static final String RATIO = TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG;
    private static final String LAG = TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG;

    private final SharedServers servers = SharedServers.get();
    private final ErasedUser user = new ErasedUser(Id.of(17), IdType.BIGINT);
    private final ErasedUser other = new ErasedUser(Id.of(18), IdType.BIGINT);

    private final UserTopic state = new UserTopic(servers.uniqueName("state"), Kind.STATE, 1, 1, user::hasState);
    private final UserTopic features =
            new UserTopic(servers.uniqueName("features"), Kind.FEATURES, 1, 1, user::hasFeatures);

    private final List<Moment> moments = new ArrayList<>();

    private List<Setting> before;
    private Connection target;
    private FreshetConfig config;
    private KafkaSide admin;
    private TopicReader reader;
    private StateTopics stateTopics;
    private Producer<byte[], byte[]> producer;

    /** What the topics had of their own while the compaction waited, or began a round. */
    private record Moment(
            @Nullable String retentionOfState,
            @Nullable String retentionOfFeatures,
            boolean isRolling,
            @Nullable String lagOfFeatures) {}

    @BeforeAll
    void compact() throws Exception {
        Database database = servers.newDatabase();
        target = database.connect();
        config = FreshetConfig.of(Map.of(
                "source.url", database.jdbcUrl(),
                "source.user", database.user(),
                "target.url", database.jdbcUrl(),
                "target.user", database.user(),
                "kafka.bootstrap.servers", servers.kafka().bootstrapServers(),
                "schema.registry.url", servers.registry().url()));
        admin = new KafkaSide(config);
        reader = new TopicReader(config, Time.system());
        stateTopics = new StateTopics(config, user);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers.kafka().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        servers.kafka().createTopic(state.name(), 1, Map.of("cleanup.policy", "compact"));
        servers.kafka().createTopic(features.name(), 1, Map.of("cleanup.policy", "compact", LAG, WEEK));
        before = settings();
        fill();
        compaction(new HookedTime(duration -> look())).run(List.of(state, features), new WatchedSteps());
    }

    @AfterAll
    void close() throws SQLException {
        producer.close();
        stateTopics.close();
        reader.close();
        admin.close();
        target.close();
    }

    /** A tombstone stays for as long as is configured when a cleaning first comes by, and that may be at any moment. */
    @Test
    void noCleaningGivesTombstonesOfStateTheTimeOfANormalDay() {
        assertThat(moments).isNotEmpty().extracting(Moment::retentionOfState).containsOnly("0");
    }

    /** A cleaning of a large topic goes on while settings change. */
    @Test
    void fromTheFirstCleaningOnTombstonesOfFeaturesHaveNoneEither() {
        assertThat(moments.stream().map(Moment::retentionOfFeatures).dropWhile(Objects::isNull))
                .isNotEmpty()
                .containsOnly("0");
    }

    /** A reader that has not come by yet would miss it. */
    @Test
    void whatIsRolledIsNotCleanedYet() {
        assertThat(moments)
                .filteredOn(Moment::isRolling)
                .isNotEmpty()
                .extracting(Moment::lagOfFeatures)
                .containsOnly(WEEK);
    }

    @Test
    void nothingIsLeftOfTheUserAndAllOfTheOther() {
        assertThat(Remains.of(List.of(state, features), user, reader)).isEmpty();
        assertThat(Remains.of(List.of(new UserTopic(state.name(), Kind.STATE, 1, 1, other::hasState)), other, reader))
                .hasSize(1);
    }

    @Test
    void theSettingsAreAsTheyWere() throws Exception {
        assertThat(settings()).isEqualTo(before);
    }

    private List<Setting> settings() throws InterruptedException {
        return admin.settings(List.of(state.name(), features.name()), List.of(SEGMENT, LAG, RETENTION, RATIO));
    }

    /** Both topics have the user, ended. */
    private void fill() throws Exception {
        append(state, other.id().bytes(), VALUE);
        append(state, user.id().bytes(), VALUE);
        append(state, user.id().bytes(), null);
        append(features, user.featureKey(), VALUE);
        append(features, user.featureKey(), null);
    }

    private void append(UserTopic topic, byte[] key, byte @Nullable [] value) throws Exception {
        producer.send(new ProducerRecord<>(topic.name(), key, value)).get();
    }

    private @Nullable String own(UserTopic topic, String key) throws InterruptedException {
        return admin.settings(List.of(topic.name()), List.of(key)).get(0).value();
    }

    /** Features go on, else nothing would be rolled there. */
    private void look() throws Exception {
        append(features, other.featureKey(), VALUE);
        moments.add(new Moment(
                own(state, RETENTION),
                own(features, RETENTION),
                "500".equals(own(features, SEGMENT)),
                own(features, LAG)));
    }

    private Compaction compaction(Time time) throws SQLException {
        ErasureRegister register = new ErasureRegister(target);
        new Generations(target).createTable();
        register.createTable();
        Readers readers = new Readers(config.names(), target, admin, List.of(), PATIENCE, time);
        Copies copies = new Copies(
                config.names(), new CopyRegister(target), admin, List.of(), new Copies.Patience(PATIENCE, time));
        return new Compaction(
                user,
                new Compaction.Brokers(admin, reader, stateTopics),
                new Compaction.Followers(readers, copies),
                register,
                PATIENCE,
                time);
    }

    private final class WatchedSteps implements Erasure.Telling {
        @Override
        public void step(String what) {
            if (what.startsWith("compacting")) {
                try {
                    look();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        }

        @Override
        public void at(long done, long total) {}
    }
}
