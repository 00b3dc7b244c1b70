package dev.freshet.ops.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.HookedTime;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.generation.CopyRegister;
import dev.freshet.runtime.generation.ErasureRegister;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.generation.StateCopy;
import dev.freshet.runtime.generation.StateCopy.Job;
import dev.freshet.runtime.generation.StateCopy.Keeping;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.UserPartition;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** An instance of streams, as far as an erasure sees it: a member of the group that answers. */
class CopiesIT {
    private static final int PARTITIONS = 2;
    private static final long MARK = 20;
    private static final long PAST = MARK + 1;

    private final SharedServers servers = SharedServers.get();
    private final ErasedUser user = new ErasedUser(Id.of(17), IdType.BIGINT);
    private final int users = UserPartition.of(user.id(), PARTITIONS);
    private final int another = PARTITIONS - 1 - users;
    private final Map<Integer, StateCopy> answers = new HashMap<>();

    private Connection target;
    private KafkaSide kafka;
    private KafkaConsumer<byte[], byte[]> member;
    private ErasureRegister erasures;
    private CopyRegister register;
    private UserTopic changelog;
    private Copies copies;
    private long erasure;

    @BeforeEach
    void open() throws Exception {
        Database database = servers.newDatabase();
        target = database.connect();
        FreshetConfig config = FreshetConfig.of(Map.of(
                "name", servers.uniqueName("copies").replace('-', '_'),
                "source.url", database.jdbcUrl(),
                "source.user", database.user(),
                "target.url", database.jdbcUrl(),
                "target.user", database.user(),
                "kafka.bootstrap.servers", servers.kafka().bootstrapServers(),
                "schema.registry.url", servers.registry().url()));
        Generations generations = new Generations(target);
        generations.createTable();
        generations.allocate(0, PARTITIONS, "source");
        target.setAutoCommit(false);
        Generation live = generations.activate(1);
        target.commit();
        target.setAutoCommit(true);
        erasures = new ErasureRegister(target);
        erasures.createTable();
        register = new CopyRegister(target);
        kafka = new KafkaSide(config);
        String application = config.names().application(1);
        changelog =
                new UserTopic(application + "-users-changelog", UserTopic.Kind.STATE, 1, PARTITIONS, user::hasState);
        join(application);
        copies = new Copies(
                config.names(),
                register,
                kafka,
                List.of(live),
                new Copies.Patience(Duration.ofSeconds(3), new HookedTime(duration -> answerAll())));
        erasure = erasures.begin(List.of(), copies.generations());
    }

    private void join(String group) {
        servers.kafka().createTopic(changelog.name(), PARTITIONS, Map.of());
        member = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        servers.kafka().bootstrapServers(),
                        "group.id",
                        group,
                        "group.instance.id",
                        "one-1"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        member.subscribe(List.of(changelog.name()));
        while (member.assignment().isEmpty()) {
            member.poll(Duration.ofMillis(100));
        }
    }

    @AfterEach
    void close() throws SQLException {
        member.close();
        kafka.close();
        target.close();
    }

    private void answer(int partition, Keeping keeping, long fills, long position) {
        Map<String, Long> positions = keeping == Keeping.IN_USE ? Map.of(changelog.name(), position) : Map.of();
        answers.put(partition, new StateCopy(new Job(1, "one", "life", 0), partition, true, keeping, fills, positions));
    }

    /** As the instance does while it is asked. */
    private void answerAll() throws SQLException {
        member.poll(Duration.ZERO);
        for (CopyRegister.Unsettled one : register.unsettled()) {
            for (StateCopy copy : answers.values()) {
                register.answer(copy, one.askedAt().orElseThrow());
            }
        }
    }

    private void awaitPast() throws Exception {
        copies.awaitPast(erasure, Map.of(changelog, Map.of(users, MARK, another, MARK)));
    }

    @Test
    void aCopyOfAnotherPartitionIsWaitedForToo() throws Exception {
        answer(users, Keeping.IN_USE, 1, PAST);
        answer(another, Keeping.IN_USE, 1, MARK);
        assertThatThrownBy(this::awaitPast)
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContaining("instance one of generation 1 has read " + changelog.name() + "-" + another
                        + " up to " + MARK + " of " + PAST);
        answer(another, Keeping.IN_USE, 1, PAST);
        awaitPast();
        assertThat(register.unsettled().get(0).isClean(answers.get(another))).isTrue();
    }

    @Test
    void filesOfAnotherPartitionThatNoTaskUsesAreInTheWay() {
        answer(users, Keeping.IN_USE, 1, PAST);
        answer(another, Keeping.IDLE, 1, 0);
        assertThatThrownBy(this::awaitPast)
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContaining("keeps files of partition " + another + " that no task uses");
    }

    @Test
    void aCopyOfAnotherPartitionThatWasFilledMeanwhileKeepsTheErasureFromBeingSettled() throws Exception {
        answer(users, Keeping.IN_USE, 1, PAST);
        answer(another, Keeping.NOTHING, 0, 0);
        awaitPast();
        erasures.ended(erasure);
        answer(another, Keeping.IN_USE, 1, PAST);
        assertThatThrownBy(copies::settle)
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContaining("has filled partition " + another + " while topics were compacted");
        answer(another, Keeping.IN_USE, 0, PAST);
        copies.settle();
        assertThat(register.unsettled()).isEmpty();
    }
}
