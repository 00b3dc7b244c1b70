package dev.freshet.ingest;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import dev.freshet.ingest.log.LogCodecs;
import dev.freshet.ingest.log.Positions;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.runtime.kafka.KnownGenerations;
import dev.freshet.runtime.kafka.TopicAdmin;
import dev.freshet.runtime.kafka.TopicSpec;
import dev.freshet.runtime.retry.Backoff;
import dev.freshet.runtime.retry.Retry;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.avro.RegistryUnavailableException;
import dev.freshet.schemas.record.IngestPosition;

/** What an ingest asks of the brokers and the registry; an outage of either is waited out. For several threads. */
final class KafkaSide {
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final int SERVER_ERROR = 500;

    private final FreshetConfig config;
    private final SchemaRegistryClient registry;
    private final Retry.Action<Exception> meanwhile;
    private final Time time;
    private final ClientProperties clients;

    /** @param meanwhile is done now and then while a server is waited for */
    KafkaSide(FreshetConfig config, SchemaRegistryClient registry, Retry.Action<Exception> meanwhile, Time time) {
        this.config = config;
        this.registry = registry;
        this.meanwhile = meanwhile;
        this.time = time;
        clients = new ClientProperties(config.kafka());
    }

    /** Returns when a broker answers. */
    void awaitBroker() throws Exception {
        Admin admin = admin();
        try {
            waitingOut("broker", e -> e.getCause() instanceof TimeoutException, () -> admin.describeCluster()
                    .clusterId()
                    .get());
        } finally {
            admin.close(CLOSING); // by default it waits for a broker that is away
        }
    }

    private Admin admin() {
        return Admin.create(clients.admin("ingest-admin"));
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

    <T> T waitingOut(String what, Predicate<Exception> passing, Retry.Work<T, Exception> work) throws Exception {
        return Retry.forever(what, Backoff.standard(), passing, time).call(() -> {
            meanwhile.run();
            return work.run();
        });
    }

    /** @throws Exception if another ingest may lead by now */
    void requireLead() throws Exception {
        meanwhile.run();
    }

    void ensure(List<TopicSpec> topics) throws Exception {
        try (Admin admin = admin()) {
            new TopicAdmin(admin, time).ensure(topics);
        }
    }

    /** Ends what whoever has this transactional id had open, and keeps it from writing. */
    void fence(String transactionalId) throws Exception {
        Map<String, Object> properties = clients.producer("ingest-fence");
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            takeOver(producer);
        }
    }

    /** Returns when nobody else with the producer's transactional id can write any more. */
    void takeOver(Producer<byte[], byte[]> producer) throws Exception {
        waitingOut("broker", TimeoutException.class::isInstance, () -> {
            producer.initTransactions();
            return true;
        });
    }

    LogCodecs codecs(Generation log) {
        return LogCodecs.of(registry, config.names(), config.catalogue(), log.number());
    }

    /**
     * The last one of a log; empty if there is none. Behind initTransactions of the log's producer: only then is none under way,
     * and no zombie can append another. Positions of all logs stand in one partition, so an open transaction of any other log
     * hides what was committed behind its begin; hence to the very end, which waits for that one.
     */
    Optional<IngestPosition> lastPosition(Generation log) throws Exception {
        return newest(OptionalInt.of(log.number()), IsolationLevel.READ_UNCOMMITTED);
    }

    /** Whether the log can be gone on with. Makes nothing. */
    boolean hasSnapshot(Generation log) throws Exception {
        return newest(OptionalInt.of(log.number()), IsolationLevel.READ_COMMITTED)
                .map(IngestPosition::snapshotComplete)
                .orElse(false);
    }

    /** The newest one of any log; empty if there is none yet. Makes nothing. */
    Optional<IngestPosition> newestPosition() throws Exception {
        return newest(OptionalInt.empty(), IsolationLevel.READ_COMMITTED);
    }

    /** The newest generation that the brokers have a topic of; 0 for none. */
    int newestGeneration() throws Exception {
        try (Admin admin = admin()) {
            return waitingOut(
                    "broker",
                    e -> e.getCause() instanceof TimeoutException,
                    () -> KnownGenerations.newest(
                            config.names(), admin.listTopics().names().get()));
        }
    }

    /** Whether every partition of the log, which is there, holds something. */
    boolean isThere(Generation log) throws Exception {
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                clients.consumer("ingest-log"), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            String topic = config.names().changes(log.number());
            return waitingOut("broker", TimeoutException.class::isInstance, () -> {
                List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                        .map(partition -> new TopicPartition(topic, partition.partition()))
                        .toList();
                return consumer.endOffsets(partitions).values().stream().allMatch(end -> end > 0);
            });
        }
    }

    private Optional<IngestPosition> newest(OptionalInt generation, IsolationLevel end) throws Exception {
        return waitingOut("schema registry", RegistryUnavailableException.class::isInstance, () -> {
            try (Admin admin = admin();
                    Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                            clients.consumer("ingest-position"),
                            new ByteArrayDeserializer(),
                            new ByteArrayDeserializer())) {
                return Positions.newest(
                        consumer,
                        config.names().positions(),
                        LogCodecs.positions(registry, config.names()),
                        generation,
                        partition -> end(admin, partition, end),
                        time);
            }
        });
    }

    private static long end(Admin admin, TopicPartition partition, IsolationLevel level) {
        try {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(level))
                    .partitionResult(partition)
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
