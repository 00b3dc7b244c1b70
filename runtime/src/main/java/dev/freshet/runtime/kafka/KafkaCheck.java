package dev.freshet.runtime.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.security.auth.login.LoginException;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;

import dev.freshet.runtime.config.KafkaKeys;
import dev.freshet.runtime.config.LibraryCheck;

/** Whether Kafka's clients would start: their values, how these go together, certificates and logins. Connects to nothing. */
public final class KafkaCheck {
    /** Logins that ask nobody; others would have to be answered by a server, which may be down. */
    private static final Set<String> LOCAL_LOGINS = Set.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");

    private static final String LOGIN = "write a login module that there is, required, its options, and a ; at the end";

    /** A kind of client, and how it is told apart in the properties. */
    private record Kind(Function<Map<String, Object>, AbstractConfig> config, String... prefixes) {}

    private static final List<Kind> KINDS = List.of(
            new Kind(AdminClientConfig::new, "admin."),
            new Kind(KafkaCheck::producer, "producer."),
            new Kind(ConsumerConfig::new, "consumer."),
            new Kind(ConsumerConfig::new, "consumer.", "main.consumer."),
            new Kind(ConsumerConfig::new, "consumer.", "restore.consumer."));

    private KafkaCheck() {}

    public static LibraryCheck check() {
        return new LibraryCheck("kafka.properties", KafkaCheck::refusals);
    }

    private static Map<String, String> refusals(Map<String, String> properties) {
        Map<String, String> refused = new LinkedHashMap<>();
        for (Kind kind : KINDS) {
            refusals(kind, KafkaKeys.ofKind(properties, kind.prefixes()))
                    .forEach((key, cure) ->
                            refused.putIfAbsent(KafkaKeys.inFull(properties, key, kind.prefixes()), cure));
        }
        return refused;
    }

    private static Map<String, String> refusals(Kind kind, Map<String, String> properties) {
        List<AbstractConfig> accepted = new ArrayList<>();
        Map<String, String> refused = new LinkedHashMap<>(LibraryCheck.attempt("Kafka", properties, left -> {
            AbstractConfig config = config(kind, left);
            CommonClientConfigs.metricsReporters("check", config).forEach(MetricsReporter::close);
            accepted.add(config);
        }));
        // What goes together with one that is refused is refused only for that.
        if (!accepted.isEmpty() && refused.keySet().stream().noneMatch(KafkaCheck::isOfConnection)) {
            refused.putAll(connection(properties, accepted.get(0)));
        }
        return refused;
    }

    private static boolean isOfConnection(String key) {
        return key.matches("(security|ssl|sasl)\\..*");
    }

    private static AbstractConfig config(Kind kind, Map<String, String> properties) {
        Map<String, Object> settings = new HashMap<>(properties);
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "localhost:9092");
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return kind.config().apply(settings);
    }

    private static AbstractConfig producer(Map<String, Object> settings) {
        ClientProperties.makeSafe(settings);
        ProducerConfig config = new ProducerConfig(settings);
        long least = config.getLong(ProducerConfig.LINGER_MS_CONFIG)
                + config.getInt(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG);
        String delivery = ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG;
        if (config.originals().containsKey(delivery) && config.getInt(delivery) < least) {
            // As the producer's constructor has it, which starts a thread.
            throw new ConfigException(delivery + " is less than linger.ms + request.timeout.ms, which are " + least);
        }
        return config;
    }

    /** The first thing that keeps a client from connecting, for others would follow from it. */
    private static Map<String, String> connection(Map<String, String> properties, AbstractConfig config) {
        SecurityProtocol protocol = SecurityProtocol.forName(
                config.getString(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG).toUpperCase(Locale.ROOT));
        boolean logsIn = protocol == SecurityProtocol.SASL_PLAINTEXT || protocol == SecurityProtocol.SASL_SSL;
        if (logsIn) {
            try {
                JaasContext.loadClientContext(config.values());
            } catch (IllegalArgumentException | KafkaException e) {
                return noLogin(properties);
            }
        }
        if (logsIn && !LOCAL_LOGINS.contains(config.getString(SaslConfigs.SASL_MECHANISM))) {
            return Map.of();
        }
        try {
            ClientUtils.createChannelBuilder(config, Time.SYSTEM, new LogContext())
                    .close();
            return Map.of();
        } catch (RuntimeException e) {
            if (e.getCause() instanceof LoginException) {
                return noLogin(properties);
            }
            Map.Entry<String, String> refusal = LibraryCheck.refusal("Kafka", properties, e);
            return Map.of(refusal.getKey().isEmpty() ? "security.protocol" : refusal.getKey(), refusal.getValue());
        }
    }

    private static Map<String, String> noLogin(Map<String, String> properties) {
        String key = SaslConfigs.SASL_JAAS_CONFIG;
        return Map.of(key, properties.containsKey(key) ? LOGIN : "is missing: " + LOGIN);
    }
}
