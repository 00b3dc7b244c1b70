package dev.freshet.streams;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.LibraryCheck;
import dev.freshet.runtime.config.Membership;
import dev.freshet.runtime.config.StreamsSettings;
import dev.freshet.runtime.kafka.ClientProperties;

/** What Kafka Streams is configured with: the operator's properties, and over them those on which a promise rests. */
final class StreamsProperties {
    private static final int LINGER_MILLIS = 5;
    private static final int RETRY_MILLIS = 5;

    /** Of all threads together: what a commit interval writes, and no more, for it is not there to save reads. */
    private static final long CACHE_BYTES = 8L << 20;

    private StreamsProperties() {}

    static Map<String, Object> of(FreshetConfig config, int generation) {
        StreamsSettings settings = config.streams();
        Map<String, Object> properties = new HashMap<>(new ClientProperties(config.kafka()).streams());
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, config.names().application(generation));
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG, settings.requireStateDir().toString());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbyReplicas());
        properties.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.commitInterval().toMillis());
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, config.kafka().replicationFactor());

        // A commit that is due waits for the poll to return, which without further records it does after this
        // time. With the default of 100 ms a change at rest was seen after 100 ms, whatever the commit interval.
        properties.put(StreamsConfig.POLL_MS_CONFIG, settings.commitInterval().toMillis());

        // A zombie that writes to a changelog without being fenced corrupts counters for ever.
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);

        // Without a static member a killed instance's partitions wait out the session, and a restarted one's too.
        Membership membership = settings.membership();
        consumer(properties, ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, membership.instanceId());
        consumer(properties, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, membership.sessionTimeoutMillis());
        consumer(properties, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, membership.heartbeatIntervalMillis());

        // The default of Kafka Streams, 100 ms, is for commit intervals longer than ours.
        producer(properties, ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        producer(properties, ProducerConfig.COMPRESSION_TYPE_CONFIG, "snappy");
        // Refused is also what comes while the last transaction's markers are being written, and that takes some ms.
        producer(properties, ProducerConfig.RETRY_BACKOFF_MS_CONFIG, RETRY_MILLIS);
        return properties;
    }

    /** The operator may choose another, for all clients or for producers. */
    private static void producer(Map<String, Object> properties, String key, Object standard) {
        if (!properties.containsKey(key)) {
            properties.putIfAbsent(StreamsConfig.producerPrefix(key), standard);
        }
    }

    /** What Kafka Streams would refuse of the operator's properties. */
    static LibraryCheck check() {
        return new LibraryCheck(
                "kafka.properties",
                properties -> LibraryCheck.attempt("Kafka Streams", properties, StreamsProperties::attempt));
    }

    private static void attempt(Map<String, String> properties) {
        Map<String, Object> settings = new HashMap<>(properties);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:9092");
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "check");
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        StreamsConfig config = new StreamsConfig(settings);
        config.getMainConsumerConfigs("check", "check", 0);
        config.getProducerConfigs("check");
    }

    private static void consumer(Map<String, Object> properties, String key, Object value) {
        properties.put(StreamsConfig.mainConsumerPrefix(key), value);
    }
}
