package dev.freshet.ingest;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import dev.freshet.ingest.log.ChangeLog;
import dev.freshet.ingest.log.FaultPoint;
import dev.freshet.ingest.log.LogCodecs;
import dev.freshet.ingest.log.Positions;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.runtime.kafka.KnownGenerations;
import dev.freshet.runtime.kafka.TopicAdmin;
import dev.freshet.runtime.kafka.Topics;
import dev.freshet.runtime.retry.Backoff;
import dev.freshet.runtime.retry.Retry;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.avro.RegistryAvro;
import dev.freshet.schemas.avro.RegistryUnavailableException;
import dev.freshet.schemas.record.IngestPosition;

/** Topics, schemas, the producer and the position of one ingest. */
final class KafkaSide implements AutoCloseable {
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final int SERVER_ERROR = 500;

    private final FreshetConfig config;
    private final SchemaRegistryClient registry;
    private final FaultPoint faults;
    private final Retry.Action<SQLException> stillHere;
    private final Time time;
    private final ClientProperties clients;
    private final Producer<byte[], byte[]> producer;

    /** @param stillHere is done now and then while a server is waited for */
    KafkaSide(
            FreshetConfig config,
            SchemaRegistryClient registry,
            FaultPoint faults,
            Retry.Action<SQLException> stillHere,
            Time time) {
        this.config = config;
        this.registry = registry;
        this.faults = faults;
        this.stillHere = stillHere;
        this.time = time;
        clients = new ClientProperties(config.kafka());
        producer = producer();
    }

    private Producer<byte[], byte[]> producer() {
        Map<String, Object> properties = clients.producer("ingest");
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, config.names().ingestTransactions());
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "snappy");
        // A batch is flushed by its commit: waiting for more would only delay it.
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
        // Refused is also what comes while the last transaction's markers are being written, and that takes some ms.
        properties.putIfAbsent(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
        properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, 128 << 10);
        properties.putIfAbsent(
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                Math.min(64 << 20, Runtime.getRuntime().maxMemory() / 8));
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Returns when a broker answers. */
    void awaitBroker() throws Exception {
        Admin admin = Admin.create(clients.admin("ingest-admin"));
        try {
            waitingOut("broker", e -> e.getCause() instanceof TimeoutException, () -> admin.describeCluster()
                    .clusterId()
                    .get());
        } finally {
            admin.close(CLOSING); // by default it waits for a broker that is away
        }
    }

    /** Returns when the registry answers, whatever it says. */
    void awaitRegistry() throws Exception {
        // What the client throws at an answer that is none, is anything.
        waitingOut("schema registry", e -> e instanceof IOException || e instanceof RuntimeException, () -> {
            try {
                return registry.getAllVersions(Names.subject(config.names().positions()));
            } catch (RestClientException e) {
                if (e.getStatus() >= SERVER_ERROR) {
                    throw new IOException(e);
                }
                return List.of();
            }
        });
    }

    private <T> T waitingOut(String what, Predicate<Exception> passing, Retry.Work<T, Exception> work)
            throws Exception {
        return Retry.forever(what, Backoff.standard(), passing, time).call(() -> {
            stillHere.run();
            return work.run();
        });
    }

    /** Ends what an ingest before us had open, and keeps it from writing: from here on we are the only writer. */
    void takeOver() throws Exception {
        waitingOut("broker", TimeoutException.class::isInstance, () -> {
            producer.initTransactions();
            return true;
        });
    }

    /** Makes the topics, and registers the schemas; an outage of either is waited out. */
    void prepare(Generation generation, LogCodecs codecs) throws Exception {
        Topics topics = new Topics(config.names(), config.kafka());
        try (Admin admin = Admin.create(clients.admin("ingest-admin"))) {
            new TopicAdmin(admin, time)
                    .ensure(List.of(
                            topics.changes(generation.number(), generation.partitions()),
                            topics.positions(),
                            topics.deadLetters()));
        }
        waitingOut("schema registry", RegistryUnavailableException.class::isInstance, () -> {
            codecs.register();
            return true;
        });
    }

    LogCodecs codecs(Generation generation) {
        return LogCodecs.of(registry, config.names(), config.catalogue(), generation.number());
    }

    Optional<IngestPosition> position(Generation generation, LogCodecs codecs) throws Exception {
        return newest(codecs.positions(), position -> position.generation() == generation.number());
    }

    /** Whether the log of the generation can be gone on with. Makes nothing. */
    boolean hasSnapshot(Generation generation) throws Exception {
        return newest(positions(), position -> position.generation() == generation.number())
                .map(IngestPosition::snapshotComplete)
                .orElse(false);
    }

    /** Of any generation; empty if there is none yet. Makes nothing. */
    Optional<IngestPosition> newestPosition() throws Exception {
        return newest(positions(), any -> true);
    }

    /** The newest generation that the brokers have a topic of; 0 for none. */
    int newestGeneration() throws Exception {
        try (Admin admin = Admin.create(clients.admin("ingest-admin"))) {
            return waitingOut(
                    "broker",
                    e -> e.getCause() instanceof TimeoutException,
                    () -> KnownGenerations.newest(
                            config.names(), admin.listTopics().names().get()));
        }
    }

    /** Whether every partition of the generation's log, which is there, holds something. */
    boolean isLogThere(Generation generation) throws Exception {
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                clients.consumer("ingest-log"), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            String topic = config.names().changes(generation.number());
            return waitingOut("broker", TimeoutException.class::isInstance, () -> {
                List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                        .map(partition -> new TopicPartition(topic, partition.partition()))
                        .toList();
                return consumer.endOffsets(partitions).values().stream().allMatch(end -> end > 0);
            });
        }
    }

    private RegistryAvro<IngestPosition> positions() {
        return LogCodecs.positions(registry, config.names());
    }

    private Optional<IngestPosition> newest(RegistryAvro<IngestPosition> codec, Predicate<IngestPosition> wanted)
            throws Exception {
        return waitingOut("schema registry", RegistryUnavailableException.class::isInstance, () -> {
            try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                    clients.consumer("ingest-position"), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                return Positions.newest(consumer, config.names().positions(), codec, wanted, time);
            }
        });
    }

    ChangeLog log(Generation generation, LogCodecs codecs) {
        return new ChangeLog(producer, codecs, config.names(), generation.number(), faults);
    }

    @Override
    public void close() {
        producer.close(CLOSING);
    }
}
