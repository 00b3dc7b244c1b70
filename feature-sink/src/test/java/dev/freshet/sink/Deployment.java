package dev.freshet.sink;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.runtime.kafka.TopicAdmin;
import dev.freshet.runtime.kafka.Topics;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.avro.RegistryAvro;
import dev.freshet.schemas.avro.RegistryClients;
import dev.freshet.schemas.record.DeadLetter;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** A deployment of its own on the shared broker and registry, with a target; closes what was started in it. */
final class Deployment implements AutoCloseable {
    static final int PARTITIONS = 2;

    private static final Logger log = LoggerFactory.getLogger(Deployment.class);

    private final SharedServers servers = SharedServers.get();
    private final String name = servers.uniqueName("sink").replace('-', '_');
    private final Database target;
    private final SchemaRegistryClient registry =
            RegistryClients.open(servers.registry().url(), Map.of());
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final AtomicLong passed = new AtomicLong();

    /** The system's, and as much later as a test says. */
    private final Time time = new Time() {
        @Override
        public Instant now() {
            return Time.system().now().plusNanos(passed.get());
        }

        @Override
        public long nanoTime() {
            return Time.system().nanoTime() + passed.get();
        }

        @Override
        public void pause(Duration duration) throws InterruptedException {
            Time.system().pause(duration);
        }
    };

    Deployment() throws SQLException {
        this(SharedServers.get().newDatabase());
    }

    Deployment(Database target) throws SQLException {
        this.target = target;
        try (Connection connection = target.connect()) {
            Generations generations = new Generations(connection);
            generations.createTable();
            generations.allocate(0, PARTITIONS, "source");
        }
    }

    SchemaRegistryClient registry() {
        return registry;
    }

    Map<String, String> settings(String instance) {
        Map<String, String> settings = new HashMap<>();
        settings.put("name", name);
        for (String side : List.of("source", "target")) {
            settings.put(side + ".url", target.jdbcUrl());
            settings.put(side + ".user", target.user());
            settings.put(side + ".password", target.password());
        }
        settings.put("kafka.bootstrap.servers", servers.kafka().bootstrapServers());
        settings.put("kafka.partitions", Integer.toString(PARTITIONS));
        settings.put("schema.registry.url", servers.registry().url());
        settings.put("sink.instance.id", instance);
        settings.put("sink.max.batch", "50");
        return settings;
    }

    FreshetConfig config() {
        return FreshetConfig.of(settings("test"));
    }

    void passes(Duration duration) {
        passed.addAndGet(duration.toNanos());
    }

    SinkService startSink() {
        return startSink(settings("one"), registry, WriteHooks.NONE);
    }

    SinkService startSink(Map<String, String> settings, SchemaRegistryClient client, WriteHooks hooks) {
        SinkService sink = new SinkService(FreshetConfig.of(settings), time, client, hooks);
        started.push(sink);
        sink.start();
        sink.ended().whenComplete((done, failure) -> {
            if (failure != null) {
                log.warn("sink ended", failure);
            }
        });
        return sink;
    }

    FeaturesTopic features(int generation) {
        FeaturesTopic topic = new FeaturesTopic(config(), registry, generation);
        started.push(topic);
        return topic;
    }

    /** The topic is deleted and made anew, empty. */
    void loseFeatures(int generation) throws Exception {
        String topic = config().names().features(generation);
        try (Admin admin = Admin.create(new ClientProperties(config().kafka()).admin("test"))) {
            admin.deleteTopics(List.of(topic)).all().get();
            await("deleted").until(() -> !admin.listTopics().names().get().contains(topic));
            new TopicAdmin(admin, Time.system())
                    .ensure(List.of(new Topics(config().names(), config().kafka()).features(generation, PARTITIONS)));
        }
    }

    Connection connect() throws SQLException {
        return target.connect();
    }

    void run(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Each row as its columns' texts, joined by a bar; "-" for NULL. */
    List<String> query(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> lines = new ArrayList<>();
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    String value = rows.getString(i);
                    values.add(value == null ? "-" : value);
                }
                lines.add(String.join("|", values));
            }
            return lines;
        }
    }

    /** Notes what the target holds of a generation, as a backup does. */
    void backUp(int generation) throws SQLException {
        for (String table : held(generation)) {
            run("CREATE TABLE backup_of_" + table + " AS TABLE " + table);
        }
    }

    /** The target holds again what it held then. */
    void restore(int generation) throws SQLException {
        run(held(generation).stream()
                .map(table -> "TRUNCATE " + table + "; INSERT INTO " + table + " TABLE backup_of_" + table + "; ")
                .collect(Collectors.joining("", "BEGIN; ", "COMMIT")));
    }

    private List<String> held(int generation) {
        return List.of(
                config().names().table(generation),
                Names.HISTORY,
                Names.SINK_OFFSETS,
                Names.WATERMARKS,
                Names.WAITING_ROWS,
                Names.LOST);
    }

    /** What the dead letters hold now. */
    List<DeadLetter> deadLetters() {
        String topic = config().names().deadLetters();
        RegistryAvro<DeadLetter> codec = new RegistryAvro<>(registry, Names.subject(topic), FreshetAvro.deadLetters());
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers.kafka().bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            List<DeadLetter> letters = new ArrayList<>();
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    letters.add(codec.decode(record.value()));
                }
            }
            return letters;
        }
    }

    static ConditionFactory await(String what) {
        return Awaitility.await(what)
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(SQLException.class);
    }

    @Override
    public void close() throws Exception {
        while (!started.isEmpty()) {
            started.pop().close();
        }
    }
}
