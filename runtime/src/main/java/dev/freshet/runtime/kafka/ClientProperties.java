package dev.freshet.runtime.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

import dev.freshet.runtime.config.KafkaKeys;
import dev.freshet.runtime.config.KafkaSettings;

/**
 * What a client is configured with: the operator's properties, which hold none that a promise rests on, and those on which
 * one does. Callers add theirs on top; (de)serializers are passed to the client's constructor.
 */
public final class ClientProperties {
    private final KafkaSettings kafka;

    public ClientProperties(KafkaSettings kafka) {
        this.kafka = kafka;
    }

    /** @param clientId distinct within the process: it names the client's metrics */
    public Map<String, Object> admin(String clientId) {
        return of(clientId, "admin.");
    }

    /** Acknowledged by all in-sync replicas and idempotent; not transactional by itself. */
    public Map<String, Object> producer(String clientId) {
        Map<String, Object> properties = of(clientId, "producer.");
        makeSafe(properties);
        return properties;
    }

    /** Of a producer. */
    static void makeSafe(Map<String, Object> properties) {
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    }

    /** Reads committed records only, commits no offset by itself, creates no topic, and fails where it has no position. */
    public Map<String, Object> consumer(String clientId) {
        Map<String, Object> properties = of(clientId, "consumer.");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return properties;
    }

    /** For Kafka Streams, which knows the same prefixes itself. */
    public Map<String, Object> streams() {
        Map<String, Object> properties = new HashMap<>(kafka.properties());
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        return properties;
    }

    private Map<String, Object> of(String clientId, String prefix) {
        Map<String, Object> properties = new HashMap<>(KafkaKeys.ofKind(kafka.properties(), prefix));
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        return properties;
    }
}
