package dev.freshet.runtime.config;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/** Keys of Kafka's clients and of Kafka Streams: which are not the operator's to set, and what the others may be. */
public final class KafkaKeys {
    /** Prefixes under which Kafka Streams hands a property to one kind of client. */
    private static final List<String> PREFIXES =
            List.of("main.consumer.", "restore.consumer.", "global.consumer.", "consumer.", "producer.", "admin.");

    private static final List<ConfigDef> CLIENTS =
            List.of(ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef());

    private static final String EXACTLY_ONCE = "every change counts exactly once";
    private static final String OURS = "records are read and written in our own format";
    private static final String POSITION = "positions are kept beside what was written for them";
    private static final String SKIPPED = "a record that cannot be used would be lost without a word";
    private static final String STATE = "what streams keeps in Kafka is all of its state";
    private static final String MEMBER = "static members of the classic protocol keep their partitions over a restart";
    private static final String MEMORY = "the memory of the state is bounded by Freshet";
    private static final String PLACE = "all of a user's changes meet in one partition";

    private static final ReservedKeys RESERVED = new ReservedKeys()
            .because(EXACTLY_ONCE, "isolation.level", "enable.idempotence", "acks", "transactional.id")
            .because(EXACTLY_ONCE, "processing.guarantee", "internal.*")
            .because("for as long, what a killed instance left open keeps readers waiting", "transaction.t*")
            .because("a damaged record would be taken for a good one", "check.crcs")
            .because(OURS, "key.serializer", "value.serializer", "key.deserializer", "value.deserializer")
            .because(OURS, "default.key.serde", "default.value.serde", "default.timestamp.extractor")
            .because(
                    OURS, "interceptor.classes", "processor.wrapper.class", "default.list.*", "default.client.supplier")
            .because(POSITION, "auto.offset.reset", "enable.auto.commit", "group.id", "application.id")
            .because(POSITION, "allow.auto.create.topics")
            .because(SKIPPED, "deserialization.exception.handler", "default.deserialization.exception.handler")
            .because(SKIPPED, "production.exception.handler", "default.production.exception.handler")
            .because(SKIPPED, "processing.exception.handler*", "errors.*")
            .because(STATE, "topic.*", "default.dsl.store", "dsl.store.*")
            .because(MEMORY, "rocksdb.config.setter", "statestore.cache.max.bytes", "cache.max.bytes.buffering")
            .because("names are state, and Freshet's own", "ensure.explicit.internal.resource.naming")
            .because(PLACE, "partitioner.class", "partitioner.ignore.keys", "partition.assignment.strategy")
            .because(MEMBER, "group.protocol", "group.remote.assignor")
            .because("it is streams.instance.id or sink.instance.id", "group.instance.id", "client.id")
            .because(
                    "it is streams.session.timeout.ms or sink.session.timeout.ms",
                    "session.timeout.ms",
                    "heartbeat.interval.ms")
            .because("it is streams.commit.interval.ms", "commit.interval.ms", "poll.ms")
            .because("it is streams.num.stream.threads", "num.stream.threads")
            .because("it is streams.num.standby.replicas", "num.standby.replicas")
            .because("it is streams.state.dir", "state.dir")
            .because("it is sink.max.batch", "max.poll.records")
            .because("it is kafka.replication.factor", "replication.factor")
            .because("it is kafka.bootstrap.servers", "bootstrap.servers", "bootstrap.controllers");

    private KafkaKeys() {}

    static void check(Faults faults, String section, Map<String, String> properties) {
        properties.forEach((key, value) -> {
            String bare = bare(key);
            Optional<String> wrong = RESERVED.reason(bare)
                    .map(reason -> "remove it: " + reason)
                    .or(() -> definitions(bare)
                            .flatMap(known -> wrong(known, value).stream())
                            .findFirst());
            wrong.ifPresent(cure -> faults.add(
                    section + "." + key, definitions(bare).anyMatch(KafkaKeys::isSecret) ? null : value, cure));
        });
    }

    /** What one kind of client is configured with: what is for all, and over it what is under its prefixes, the last one first. */
    public static Map<String, String> ofKind(Map<String, String> properties, String... prefixes) {
        Map<String, String> settings = new HashMap<>();
        properties.forEach((key, value) -> {
            if (bare(key).equals(key)) {
                settings.put(key, value);
            }
        });
        for (String prefix : prefixes) {
            properties.forEach((key, value) -> {
                if (key.startsWith(prefix)) {
                    settings.put(key.substring(prefix.length()), value);
                }
            });
        }
        return settings;
    }

    /** Where the setting of such a client comes from. */
    public static String inFull(Map<String, String> properties, String key, String... prefixes) {
        String found = key;
        for (String prefix : prefixes) {
            found = properties.containsKey(prefix + key) ? prefix + key : found;
        }
        return found;
    }

    private static String bare(String key) {
        return PREFIXES.stream()
                .filter(key::startsWith)
                .findFirst()
                .map(prefix -> key.substring(prefix.length()))
                .orElse(key);
    }

    private static Stream<ConfigKey> definitions(String key) {
        return CLIENTS.stream()
                .filter(client -> client.configKeys().containsKey(key))
                .map(client -> client.configKeys().get(key));
    }

    /** A client would find it too, but only when it starts, and after others have. */
    private static Optional<String> wrong(ConfigKey key, String value) {
        if (value.contains("${")) {
            // One of Kafka's config.providers fills it in.
            return Optional.empty();
        }
        try {
            Object parsed = ConfigDef.parseType(key.name, value, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(key.name, parsed);
            }
            return Optional.empty();
        } catch (ConfigException e) {
            String validator = key.validator == null ? "" : " " + key.validator;
            return Optional.of("write what Kafka takes: " + key.type.name().toLowerCase(Locale.ROOT) + validator);
        }
    }

    private static boolean isSecret(ConfigKey key) {
        return key.type == Type.PASSWORD;
    }
}
