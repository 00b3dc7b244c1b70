package dev.freshet.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.jdbc.Transaction;
import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.runtime.kafka.TopicAdmin;
import dev.freshet.runtime.kafka.Topics;
import dev.freshet.runtime.lifecycle.ExitCode;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.UserPartition;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.avro.RegistryClients;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.feature.FeatureKey;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.schemas.feature.FeatureValue;
import dev.freshet.testkit.process.ChildJvm;
import dev.freshet.testkit.process.ChildJvmBuilder;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** The service on a real broker and registry, killed while it works. */
class StreamsServiceIT {
    private static final int PARTITIONS = 3;
    private static final int USERS = 40;
    private static final long NOON = 1_772_366_400_000_000L;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<ChangeKey.Row, Long> orders = new HashMap<>();
    private final Map<Integer, Long> watermarks = new HashMap<>();
    private final Map<Id, FeatureUpdate.Row> rows = new HashMap<>();

    /** Not in the system's temporary directory, where the configuration refuses a state directory. */
    @TempDir(factory = InTarget.class)
    Path directory;

    private Database target;
    private Path yaml;
    private FreshetConfig config;
    private FeatureJob job;
    private KafkaProducer<byte[], byte[]> producer;
    private KafkaConsumer<byte[], byte[]> consumer;
    private long ticks;

    @BeforeEach
    void prepare() throws Exception {
        SharedServers servers = SharedServers.get();
        target = servers.newDatabase();
        yaml = Files.writeString(directory.resolve("freshet.yaml"), """
                name: %s
                secrets.readable.by.all: true
                source: {url: "%s", user: %s, password: "%s"}
                target: {url: "%s", user: %s, password: "%s"}
                kafka: {bootstrap.servers: "%s", partitions: %d}
                schema.registry.url: %s
                streams: {state.dir: %s, instance.id: one, session.timeout.ms: 6000}
                """.formatted(
                        servers.uniqueName("streams").replace('-', '_'),
                        target.jdbcUrl(),
                        target.user(),
                        target.password(),
                        target.jdbcUrl(),
                        target.user(),
                        target.password(),
                        servers.kafka().bootstrapServers(),
                        PARTITIONS,
                        servers.registry().url(),
                        directory.resolve("state")));
        config = FreshetConfig.load(yaml);
        Generation generation;
        try (Connection connection = target.connect()) {
            Generations generations = new Generations(connection);
            generations.createTable();
            generation = generations.allocate(0, PARTITIONS, "test");
        }
        job = FeatureJob.of(
                config.names(),
                generation,
                config.catalogue(),
                100,
                RegistryClients.open(servers.registry().url(), Map.of()));
        createTopics();
        connect();
    }

    private void createTopics() throws Exception {
        Topics topics = new Topics(config.names(), config.kafka());
        try (Admin admin = Admin.create(new ClientProperties(config.kafka()).admin("test"))) {
            new TopicAdmin(admin, Time.system())
                    .ensure(List.of(topics.changes(1, PARTITIONS), topics.features(1, PARTITIONS)));
        }
    }

    private void connect() {
        Map<String, Object> properties = new ClientProperties(config.kafka()).producer("test");
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, config.names().ingestTransactions(1));
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        consumer = new KafkaConsumer<>(
                new ClientProperties(config.kafka()).consumer("test"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(number -> new TopicPartition(job.featuresTopic(), number))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    @AfterEach
    void close() {
        producer.close();
        consumer.close();
    }

    @Test
    void killedThreeTimesItMissesNothingAndNothingGoesBack() throws Exception {
        SplittableRandom random = new SplittableRandom(42);
        snapshot();
        for (int kill = 0; kill < 3; kill++) {
            try (ChildJvm service = service()) {
                awaitWatermark(ticks);
                for (int batch = 0; batch < 50; batch++) {
                    changes(random);
                }
                awaitWatermark(ticks - 45); // in the middle of the rest
                service.killHard();
            }
            changes(random);
        }
        try (ChildJvm service = service()) {
            awaitWatermark(ticks);
            service.stop(Duration.ofSeconds(20));
        }

        assertRowsAreRight();
    }

    @Test
    void anotherInstanceOfTheSameIdEndsTheOneThatRunsAndGoesOn() throws Exception {
        snapshot();
        try (ChildJvm first = service()) {
            awaitWatermark(ticks);
            try (ChildJvm second = process()
                    .environment(
                            "FRESHET_STREAMS_STATE_DIR",
                            directory.resolve("state-2").toString())
                    .start()) {
                assertThat(first.exitCode(PATIENCE)).as(first::output).isEqualTo(ExitCode.OPERATOR.code());
                assertThat(first.output()).contains("another streams runs under the same streams.instance.id");
                changes(new SplittableRandom(44));
                awaitWatermark(ticks);
                assertThat(second.isAlive()).isTrue();
                second.stop(Duration.ofSeconds(20));
            }
        }
        assertRowsAreRight();
    }

    @Test
    void aSecondInstanceInTheSameStateDirectoryEndsAndTheOneThatRunsGoesOn() throws Exception {
        snapshot();
        try (ChildJvm first = service()) {
            awaitWatermark(ticks);
            try (ChildJvm second = service()) {
                assertThat(second.exitCode(PATIENCE)).as(second::output).isEqualTo(ExitCode.OPERATOR.code());
                assertThat(second.output())
                        .contains("another streams keeps its state in streams.state.dir " + directory.resolve("state"));
            }
            changes(new SplittableRandom(45));
            awaitWatermark(ticks);
            first.stop(Duration.ofSeconds(20));
        }
        assertRowsAreRight();
    }

    /** For longer than a transaction may be open. */
    @Test
    void anEntryOfASchemaThatTheRegistryLacksIsWaitedForAndTheOthersGoOn() throws Exception {
        SchemaRegistryClient real =
                RegistryClients.open(SharedServers.get().registry().url(), Map.of());
        Schema another = new Schema.Parser()
                .parse(FreshetAvro.changes(config.catalogue()).schema().toString());
        another.addProp("written.by", config.names().prefix());
        int id = real.register(config.names().prefix() + "-another", new AvroSchema(another));
        AtomicBoolean lacksIt = new AtomicBoolean(true);
        ChangeKey.Row order = ChangeKey.order(Id.of(0), Id.of(1));
        int held = UserPartition.of(order.user(), PARTITIONS);
        snapshot();
        try (StreamsService service = StreamsService.of(config, Time.system(), lacking(real, id, lacksIt))) {
            service.start();
            awaitWatermark(ticks);
            long before = ticks;
            orders.put(order, NOON);
            transaction(() -> {
                byte[] value = job.codecs()
                        .changes()
                        .encode(new Change(0, 0, new Change.OrderRow(NOON, List.of(Numeric.parse("1.25")))));
                ByteBuffer.wrap(value).putInt(1, id);
                byte[] key = job.codecs().changeKeys().encode(order);
                producer.send(new ProducerRecord<>(job.changesTopic(), held, key, value));
                tick();
            });
            await("the others go on, and this one does not")
                    .during(Duration.ofSeconds(12))
                    .atMost(PATIENCE)
                    .until(() -> {
                        transaction(this::tick);
                        consumer.poll(Duration.ofMillis(500)).forEach(this::take);
                        return Objects.requireNonNull(watermarks.get(held)) <= before
                                && !service.ended().toCompletableFuture().isDone();
                    });
            watermarks.forEach((partition, reached) -> {
                if (partition != held) {
                    assertThat(reached).isGreaterThan(before + 10);
                }
            });

            lacksIt.set(false);
            awaitWatermark(ticks);
            assertRowsAreRight();
        }
    }

    /** The registry, but as if it had been restored from a backup that is older than this schema. */
    private static SchemaRegistryClient lacking(SchemaRegistryClient real, int id, AtomicBoolean lacksIt) {
        return (SchemaRegistryClient) Proxy.newProxyInstance(
                SchemaRegistryClient.class.getClassLoader(),
                new Class<?>[] {SchemaRegistryClient.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("getSchemaById") && arguments[0].equals(id) && lacksIt.get()) {
                        throw new RestClientException("Schema " + id + " not found", 404, 40_403);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Found by a test whose brokers were new while its state directory was that of the run before. */
    @Test
    void aStateThatOutlivedTheDataOfTheBrokersStopsTheJobUntilItIsTakenAway() throws Exception {
        SplittableRandom random = new SplittableRandom(43);
        snapshot();
        work(random);

        loseTheDataOfTheBrokers();
        snapshot();
        assertStopsForLostData();
        assertStopsForLostData();
        removeState();
        work(random);
    }

    /** The committed offset would leave out all that the state was made of, and the log those whom it has forgotten. */
    @Test
    void aStateThatIsLostWithItsChangelogsStopsTheJob() throws Exception {
        SplittableRandom random = new SplittableRandom(47);
        snapshot();
        work(random);

        loseChangelogs();
        assertStopsForLostData();
        removeState();
        assertStopsForLostData();
        assertStopsForLostData();
    }

    /** Matrix of faults, row 32: Kafka Streams cannot open such a state, and without help fails again at each start. */
    @Test
    void aStateThatCannotBeReadIsRestored() throws Exception {
        SplittableRandom random = new SplittableRandom(53);
        snapshot();
        work(random);

        try (Stream<Path> files = Files.walk(directory.resolve("state"))) {
            List<Path> tables =
                    files.filter(file -> file.toString().endsWith(".sst")).toList();
            assertThat(tables).isNotEmpty();
            for (Path table : tables) {
                byte[] other = new byte[(int) Files.size(table)];
                random.nextBytes(other);
                Files.write(table, other);
            }
        }
        try (ChildJvm service = service()) {
            assertThat(service.exitCode(PATIENCE)).as(service::output).isEqualTo(ExitCode.TEMPORARY.code());
            assertThat(service.output()).contains("cannot be read, and is restored at the next start");
        }
        work(random);
    }

    private void work(SplittableRandom random) throws Exception {
        try (ChildJvm service = service()) {
            for (int batch = 0; batch < 150; batch++) {
                changes(random);
            }
            awaitWatermark(ticks);
            service.stop(Duration.ofSeconds(20));
        }
        assertRowsAreRight();
    }

    private void removeState() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("state"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void assertStopsForLostData() throws Exception {
        try (ChildJvm service = service()) {
            assertThat(service.exitCode(PATIENCE)).as(service::output).isEqualTo(ExitCode.OPERATOR.code());
            assertThat(service.output())
                    .contains("the brokers have lost what they held", "freshet replay start --from-source --go-live");
        }
    }

    /** The other one is as an erasure has it for a while, which is no reason to refuse it. */
    @Test
    void aChangelogThatForgetsIsRefusedAtTheStart() throws Exception {
        String forgets = config.names().application(1) + "-users-changelog";
        String altered = config.names().application(1) + "-orders-changelog";
        Map<String, String> erasure = Map.of(
                "cleanup.policy",
                "compact",
                "segment.ms",
                "500",
                "min.compaction.lag.ms",
                "0",
                "delete.retention.ms",
                "0",
                "min.cleanable.dirty.ratio",
                "0");
        SharedServers.get().kafka().createTopic(forgets, PARTITIONS, Map.of("cleanup.policy", "delete"));
        SharedServers.get().kafka().createTopic(altered, PARTITIONS, erasure);
        try (ChildJvm service = service()) {
            assertThat(service.exitCode(PATIENCE)).as(service::output).isEqualTo(ExitCode.OPERATOR.code());
            assertThat(service.output())
                    .contains(forgets + ": cleanup.policy is delete, and has to be compact", "freshet doctor --fix")
                    .doesNotContain(altered);
        }
    }

    @Test
    void aReplayThatCannotBeComputedIsGivenUpAndTheLiveOneGoesOn() throws Exception {
        snapshot();
        try (Connection connection = target.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE freshet_watermark (generation int, part int)"); // which the sink makes
            Generations generations = new Generations(connection);
            Transaction.run(connection, step -> generations.activate(1));
            SharedServers.get().kafka().createTopic(config.names().features(2), PARTITIONS + 1, Map.of());
            generations.allocateReplay();
            try (ChildJvm service = service()) {
                await("given up").atMost(PATIENCE).untilAsserted(() -> assertThat(generations.find(2))
                        .hasValueSatisfying(replay -> {
                            assertThat(replay.state()).isEqualTo(GenerationState.ABANDONED);
                            assertThat(replay.note())
                                    .contains("has 4 partitions instead of 3")
                                    .endsWith("; see the log of streams");
                        }));
                changes(new SplittableRandom(7));
                awaitWatermark(ticks);
                service.stop(Duration.ofSeconds(20));
            }
        }
        assertRowsAreRight();
    }

    private ChildJvm service() {
        return process().start();
    }

    private ChildJvmBuilder process() {
        return ChildJvm.running(StreamsProcess.class)
                .jvmOptions("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                .arguments(yaml.toString());
    }

    /** All that the brokers had of the job: topics, changelogs and committed offsets. */
    private void loseTheDataOfTheBrokers() throws Exception {
        close();
        loseChangelogs();
        try (Admin admin = Admin.create(new ClientProperties(config.kafka()).admin("test"))) {
            admin.deleteConsumerGroups(List.of(config.names().application(1)))
                    .all()
                    .get();
            delete(admin, Set.of(job.changesTopic(), job.featuresTopic()));
        }
        orders.clear();
        watermarks.clear();
        rows.clear();
        ticks = 0;
        createTopics();
        connect();
    }

    private void loseChangelogs() throws Exception {
        String application = config.names().application(1);
        try (Admin admin = Admin.create(new ClientProperties(config.kafka()).admin("test"))) {
            await("group without its static member, whose session outlives it")
                    .atMost(PATIENCE)
                    .until(() -> admin.describeConsumerGroups(List.of(application))
                            .all()
                            .get()
                            .get(application)
                            .members()
                            .isEmpty());
            Set<String> changelogs = admin.listTopics().names().get().stream()
                    .filter(name -> name.startsWith(application + "-"))
                    .collect(Collectors.toSet());
            assertThat(changelogs).as("changelogs").hasSize(4);
            delete(admin, changelogs);
        }
    }

    private static void delete(Admin admin, Set<String> topics) throws Exception {
        admin.deleteTopics(topics).all().get();
        await("deleted topics")
                .atMost(PATIENCE)
                .until(() -> Collections.disjoint(admin.listTopics().names().get(), topics));
    }

    private void assertRowsAreRight() {
        assertThat(rows).hasSize(USERS);
        rows.forEach((user, row) -> {
            long count = orders.keySet().stream()
                    .filter(key -> key.user().equals(user))
                    .count();
            assertThat(row.values().get(0)).as("orders of user %s", user).isEqualTo(new FeatureValue.Count(count));
        });
    }

    private void snapshot() {
        transaction(() -> {
            for (int user = 0; user < USERS; user++) {
                row(ChangeKey.user(Id.of(user)), new Change.UserRow());
            }
            controls(ChangeKey.Control.SNAPSHOT_END, 0);
            tick();
        });
    }

    private void changes(SplittableRandom random) {
        transaction(() -> {
            for (int change = 0; change < 20; change++) {
                ChangeKey.Row key = ChangeKey.order(Id.of(random.nextInt(USERS)), Id.of(random.nextInt(400)));
                if (random.nextInt(3) == 0) {
                    orders.remove(key);
                    row(key, new Change.RowDeleted());
                } else {
                    orders.put(key, NOON);
                    row(key, new Change.OrderRow(NOON, List.of(Numeric.parse("1.25"))));
                }
            }
            tick();
        });
    }

    private void tick() {
        ticks++;
        controls(ChangeKey.Control.TICK, ticks);
    }

    private void controls(ChangeKey.Control control, long lsn) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            send(partition, control, new Change(lsn, NOON + 1_000 * lsn, Change.CONTROL));
        }
    }

    private void row(ChangeKey.Row key, Change.Body body) {
        send(UserPartition.of(key.user(), PARTITIONS), key, new Change(0, 0, body));
    }

    private void send(int partition, ChangeKey key, Change change) {
        byte[] keyBytes = job.codecs().changeKeys().encode(key);
        producer.send(new ProducerRecord<>(
                job.changesTopic(), partition, keyBytes, job.codecs().changes().encode(change)));
    }

    private void transaction(Runnable sends) {
        producer.beginTransaction();
        sends.run();
        producer.flush();
        producer.commitTransaction();
    }

    private void awaitWatermark(long lsn) {
        await("watermark " + lsn + " on every partition").atMost(PATIENCE).until(() -> {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
            records.forEach(this::take);
            if (records.isEmpty()) {
                transaction(this::tick); // the source's clock goes on, as it does in life
            }
            return watermarks.size() == PARTITIONS
                    && watermarks.values().stream().allMatch(reached -> reached >= lsn);
        });
    }

    /** Takes an entry as the sink would, and checks that nothing of it goes back. */
    private void take(ConsumerRecord<byte[], byte[]> record) {
        FeatureKey key = job.codecs().featureKeys().decode(record.key());
        FeatureUpdate update = job.codecs().featureUpdates().decode(record.value());
        if (key instanceof FeatureKey.Partition partition) {
            assertThat(partition.number()).isEqualTo(record.partition());
            Long before = watermarks.put(partition.number(), ((FeatureUpdate.Watermark) update).lsn());
            assertThat(before == null ? 0 : before).isLessThan(((FeatureUpdate.Watermark) update).lsn());
        } else {
            Id user = ((FeatureKey.User) key).id();
            assertThat(record.partition()).isEqualTo(UserPartition.of(user, PARTITIONS));
            FeatureUpdate.Row before = rows.put(user, (FeatureUpdate.Row) update);
            if (before != null) {
                assertThat(update.version()).isGreaterThan(before.version());
                assertThat(update.computedAt()).isGreaterThanOrEqualTo(before.computedAt());
            }
        }
    }

    private static final class InTarget implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension) throws Exception {
            return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "state-");
        }
    }
}
