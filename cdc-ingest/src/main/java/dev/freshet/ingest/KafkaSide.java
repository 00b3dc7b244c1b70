package dev.freshet.ingest;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
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
import dev.freshet.runtime.kafka.TopicAdmin;
import dev.freshet.runtime.kafka.Topics;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.retry.Backoff;
import dev.freshet.runtime.retry.Retry;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.avro.IncompatibleSchemaException;
import dev.freshet.schemas.avro.RegistryUnavailableException;
import dev.freshet.schemas.record.IngestPosition;

/** Topics, schemas, the producer and the position of one ingest. */
final class KafkaSide implements AutoCloseable {
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final FreshetConfig config;
    private final SchemaRegistryClient registry;
    private final FaultPoint faults;
    private final Time time;
    private final ClientProperties clients;
    private final Producer<byte[], byte[]> producer;

    KafkaSide(FreshetConfig config, SchemaRegistryClient registry, FaultPoint faults, Time time) {
        this.config = config;
        this.registry = registry;
        this.faults = faults;
        this.time = time;
        clients = new ClientProperties(config.kafka());
        producer = producer();
    }

    private Producer<byte[], byte[]> producer() {
        Map<String, Object> properties = clients.producer("ingest");
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, config.names().ingestTransactions());
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        // A batch is flushed by its commit: waiting for more would only delay it.
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, 128 << 10);
        properties.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, 64 << 20);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Returns when a broker answers: to lead without one would only keep others from leading. */
    void awaitBroker() throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(clients.admin("ingest-admin"))) {
            Retry.forever("broker", Backoff.standard(), e -> e.getCause() instanceof TimeoutException, time)
                    .run(() -> admin.describeCluster().clusterId().get());
        }
    }

    /** Ends what an ingest before us had open, and keeps it from writing: from here on we are the only writer. */
    void takeOver() throws InterruptedException {
        Retry.forever("broker", Backoff.standard(), TimeoutException.class::isInstance, time)
                .run(producer::initTransactions);
    }

    /** Makes the topics, and registers the schemas; an outage of either is waited out. */
    void prepare(Generation generation, LogCodecs codecs) throws InterruptedException {
        Topics topics = new Topics(config.names(), config.kafka());
        try (Admin admin = Admin.create(clients.admin("ingest-admin"))) {
            new TopicAdmin(admin, time)
                    .ensure(List.of(
                            topics.changes(generation.number(), generation.partitions()),
                            topics.positions(),
                            topics.deadLetters()));
        }
        try {
            Retry.forever("schema registry", Backoff.standard(), RegistryUnavailableException.class::isInstance, time)
                    .run(codecs::register);
        } catch (IncompatibleSchemaException e) {
            throw new Stop.Operator(
                    String.valueOf(e.getMessage()), "Use the version of Freshet that wrote it, or another name.", e);
        }
    }

    LogCodecs codecs(Generation generation) {
        return LogCodecs.of(registry, config.names(), config.catalogue(), generation.number());
    }

    Optional<IngestPosition> position(Generation generation, LogCodecs codecs) {
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                clients.consumer("ingest-position"), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return Positions.read(consumer, config.names().positions(), codecs.positions(), generation.number(), time);
        }
    }

    ChangeLog log(Generation generation, LogCodecs codecs) {
        return new ChangeLog(producer, codecs, config.names(), generation.number(), faults);
    }

    @Override
    public void close() {
        producer.close(CLOSING);
    }
}
