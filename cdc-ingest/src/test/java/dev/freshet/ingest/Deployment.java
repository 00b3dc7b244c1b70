package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import dev.freshet.ingest.log.FaultPoint;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.runtime.kafka.KnownGenerations;
import dev.freshet.runtime.lifecycle.ExitCode;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.repair.RepairRequests;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.avro.RegistryClients;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** A deployment of its own on the shared servers: a database with the two tables, and a name. */
final class Deployment {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final int MAX_TRANSACTION_CHANGES = 777;

    private static final SharedServers SERVERS = SharedServers.get();

    final Database database;
    final Map<String, String> settings = new HashMap<>();
    private final SchemaRegistryClient registry =
            RegistryClients.open(SERVERS.registry().url(), Map.of());

    Deployment() throws Exception {
        this(SERVERS.newDatabase());
    }

    /** With source and target in this database, which is empty. */
    Deployment(Database database) throws Exception {
        this.database = database;
        Shop.create(database);
        settings.put("name", SERVERS.uniqueName("ingest").replace('-', '_'));
        for (String side : new String[] {"source", "target"}) {
            settings.put(side + ".url", database.jdbcUrl());
            settings.put(side + ".user", database.user());
            settings.put(side + ".password", database.password());
        }
        settings.put("source.setup", "true");
        settings.put("kafka.bootstrap.servers", SERVERS.kafka().bootstrapServers());
        settings.put("kafka.partitions", "3");
        settings.put("schema.registry.url", SERVERS.registry().url());
        settings.put("ingest.max.transaction.changes", Integer.toString(MAX_TRANSACTION_CHANGES));
        settings.put("ingest.max.batch.size", "500");
    }

    FreshetConfig config() {
        return FreshetConfig.of(settings);
    }

    IngestService service() {
        return service(FaultPoint.NONE);
    }

    IngestService service(FaultPoint faults) {
        return service(faults, Time.system());
    }

    IngestService service(FaultPoint faults, Time time) {
        return IngestService.withFaults(config(), registry, faults, time);
    }

    IngestService service(Time time) {
        return IngestService.of(config(), registry, time);
    }

    /** With another registry's client. */
    IngestService service(SchemaRegistryClient other) {
        return IngestService.of(config(), other, Time.system());
    }

    IngestService started() {
        IngestService service = service();
        service.start();
        return service;
    }

    /** Has users repaired, and returns when their replacement is committed to the log. */
    void repair(String... users) throws Exception {
        repair(1, users);
    }

    /** The same in one of several logs. */
    void repair(int log, String... users) throws Exception {
        try (Connection connection = database.connect()) {
            RepairRequests requests = new RepairRequests(connection);
            requests.createTable();
            List<Long> ids = requests.ask(log, List.of(users), "test");
            await("repaired")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> requests.outcome(ids).open() == 0);
            assertThat(requests.outcome(ids).done()).isEqualTo(users.length);
        }
    }

    /** Asks for the end of all that the log has of a user, and returns what became of it. */
    RepairRequests.Outcome erase(String user, List<ChangeKey.Row> rows) throws Exception {
        try (Connection connection = database.connect()) {
            RepairRequests requests = new RepairRequests(connection);
            requests.createTable();
            List<byte[]> keys =
                    rows.stream().map(FreshetAvro.changeKeys()::encode).toList();
            List<Long> ids = List.of(requests.askErasure(1, user, keys));
            await("answered")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> requests.outcome(ids).open() == 0);
            return requests.outcome(ids);
        }
    }

    /** Returns when the log is complete up to what the source has done by now. */
    static void awaitCaughtUp(IngestService service, Shop shop) throws Exception {
        awaitCaughtUp(service, shop, service.progress()::tickLsn);
    }

    /** The same of one of several logs. */
    static void awaitCaughtUp(IngestService service, Shop shop, int log) throws Exception {
        awaitCaughtUp(service, shop, () -> service.progress().logs().stream()
                .filter(one -> one.number() == log)
                .mapToLong(LogProgress::tickLsn)
                .sum());
    }

    private static void awaitCaughtUp(IngestService service, Shop shop, LongSupplier tickLsn) throws Exception {
        long lsn = shop.lsn();
        await("ingest has caught up")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    if (service.ended().toCompletableFuture().isDone()) {
                        service.ended().toCompletableFuture().join();
                    }
                    return tickLsn.getAsLong() >= lsn;
                });
        // The tick is committed once another has followed it.
        long seen = tickLsn.getAsLong();
        await("a further tick").atMost(PATIENCE).until(() -> tickLsn.getAsLong() > seen);
    }

    /** Why it ended. */
    static Throwable reason(IngestService service) throws Exception {
        CompletableFuture<Throwable> reason = new CompletableFuture<>();
        service.ended().whenComplete((done, failure) -> reason.complete(failure));
        return reason.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** For a person, with these words in the message and the command that begins what goes on in its place. */
    static void assertRefused(IngestService service, String... words) throws Exception {
        assertThat(reason(service))
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContainingAll(words)
                .hasMessageContaining("freshet replay start --from-source --go-live")
                .satisfies(reason -> assertThat(ExitCode.of(reason)).isEqualTo(ExitCode.OPERATOR));
    }

    /** As an operator does, to have the source read anew. */
    void beginNextGeneration() throws Exception {
        try (Connection connection = new dev.freshet.runtime.jdbc.Database(
                        config().target().login(), config().target().schema(), "test", Timeouts.standard())
                .open()) {
            Generations generations = new Generations(connection);
            String used = "SELECT system_identifier::text FROM pg_control_system()";
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(used)) {
                row.next();
                generations.allocateInPlaceOfAll(newestOfBrokers(), 3, row.getString(1));
            }
        }
    }

    /** Beside the live one, from a snapshot of its own. */
    int replayFromSource() throws Exception {
        try (Connection connection = database.connect()) {
            return new Generations(connection)
                    .allocateReplayFromSource(newestOfBrokers(), 3, "source")
                    .number();
        }
    }

    private int newestOfBrokers() throws Exception {
        try (Admin admin = Admin.create(new ClientProperties(config().kafka()).admin("test"))) {
            return KnownGenerations.newest(
                    config().names(), admin.listTopics().names().get());
        }
    }

    /** The newest position once more, without its end. */
    void tearPosition(int generation) throws Exception {
        List<ConsumerRecord<byte[], byte[]>> positions = new ArrayList<>();
        LogView.forEach(config(), config().names().positions(), positions::add);
        byte[] key = Integer.toString(generation).getBytes(StandardCharsets.US_ASCII);
        byte[] newest = positions.stream()
                .filter(position -> Arrays.equals(position.key(), key))
                .reduce((older, newer) -> newer)
                .orElseThrow()
                .value();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                new ClientProperties(config().kafka()).producer("test"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            config().names().positions(), 0, key, Arrays.copyOf(newest, newest.length / 2)))
                    .get();
        }
    }

    /** As the brokers do when their data is lost. */
    void lose(String... topics) throws Exception {
        try (Admin admin = Admin.create(new ClientProperties(config().kafka()).admin("test"))) {
            admin.deleteTopics(List.of(topics)).all().get();
            await("deleted")
                    .atMost(PATIENCE)
                    .until(() -> Collections.disjoint(admin.listTopics().names().get(), List.of(topics)));
        }
    }

    /** As the sink does, when its table is complete. */
    void activate(int generation) throws Exception {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            new Generations(connection).activate(generation);
            connection.commit();
        }
    }

    /** Without a reader, as soon as the server has noticed. */
    static void dropSlot(Shop shop, String slot) {
        await("the slot's reader is gone").atMost(PATIENCE).ignoreExceptions().until(() -> {
            shop.sql("SELECT pg_drop_replication_slot('" + slot + "')");
            return true;
        });
    }

    Path write() {
        Properties properties = new Properties();
        properties.putAll(settings);
        try {
            Path file = Files.createTempFile("ingest-", ".properties");
            try (Writer out = Files.newBufferedWriter(file)) {
                properties.store(out, null);
            }
            return file;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
