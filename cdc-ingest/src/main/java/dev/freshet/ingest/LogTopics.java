package dev.freshet.ingest;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import dev.freshet.ingest.log.ChangeLog;
import dev.freshet.ingest.log.FaultPoint;
import dev.freshet.ingest.log.LogCodecs;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.runtime.kafka.Topics;
import dev.freshet.schemas.avro.RegistryUnavailableException;
import dev.freshet.schemas.record.IngestPosition;

/** Topics, schemas and the producer of one change log, and its position. */
final class LogTopics implements AutoCloseable {
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final FreshetConfig config;
    private final KafkaSide kafka;
    private final Generation log;
    private final LogCodecs codecs;
    private final Producer<byte[], byte[]> producer;

    LogTopics(FreshetConfig config, KafkaSide kafka, Generation log) {
        this.config = config;
        this.kafka = kafka;
        this.log = log;
        codecs = kafka.codecs(log);
        producer = producer();
    }

    private Producer<byte[], byte[]> producer() {
        Map<String, Object> properties = new ClientProperties(config.kafka()).producer("ingest.g" + log.number());
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, config.names().ingestTransactions(log.number()));
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

    /** Ends what an ingest before us had open in this log, and keeps it from writing: from here on we are the only writer. */
    void takeOver() throws Exception {
        kafka.takeOver(producer);
    }

    /** Makes the topics, and registers the schemas; an outage of either is waited out. */
    void prepare() throws Exception {
        Topics topics = new Topics(config.names(), config.kafka());
        kafka.ensure(List.of(topics.changes(log.number(), log.partitions()), topics.positions(), topics.deadLetters()));
        kafka.waitingOut("schema registry", RegistryUnavailableException.class::isInstance, () -> {
            codecs.register();
            return true;
        });
    }

    Optional<IngestPosition> position() throws Exception {
        return kafka.lastPosition(log);
    }

    ChangeLog changes(FaultPoint faults) {
        return new ChangeLog(producer, codecs, config.names(), log.number(), faults);
    }

    @Override
    public void close() {
        producer.close(CLOSING);
    }
}
