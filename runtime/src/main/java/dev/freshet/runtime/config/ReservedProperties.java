package dev.freshet.runtime.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Properties of Kafka clients that are not the operator's to set, each with the promise that it would break. */
final class ReservedProperties {
    /** Prefixes under which Kafka Streams hands a property to one kind of client. */
    private static final List<String> PREFIXES =
            List.of("main.consumer.", "restore.consumer.", "global.consumer.", "consumer.", "producer.", "admin.");

    private static final String EXACTLY_ONCE = "every change counts exactly once";
    private static final String OURS = "records are read and written in our own format";
    private static final String POSITION = "positions are kept beside what was written for them";

    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("isolation.level", EXACTLY_ONCE),
            Map.entry("enable.idempotence", EXACTLY_ONCE),
            Map.entry("acks", EXACTLY_ONCE),
            Map.entry("transactional.id", EXACTLY_ONCE),
            Map.entry("processing.guarantee", EXACTLY_ONCE),
            Map.entry("key.serializer", OURS),
            Map.entry("value.serializer", OURS),
            Map.entry("key.deserializer", OURS),
            Map.entry("value.deserializer", OURS),
            Map.entry("default.key.serde", OURS),
            Map.entry("default.value.serde", OURS),
            Map.entry("auto.offset.reset", POSITION),
            Map.entry("enable.auto.commit", POSITION),
            Map.entry("group.id", POSITION),
            Map.entry("application.id", POSITION),
            Map.entry("group.instance.id", "it is streams.instance.id or sink.instance.id"),
            Map.entry("session.timeout.ms", "it is streams.session.timeout.ms"),
            Map.entry("commit.interval.ms", "it is streams.commit.interval.ms"),
            Map.entry("num.stream.threads", "it is streams.num.stream.threads"),
            Map.entry("state.dir", "it is streams.state.dir"),
            Map.entry("bootstrap.servers", "it is kafka.bootstrap.servers"));

    private ReservedProperties() {}

    /** Why this one may not be set; empty if it may. */
    static Optional<String> reason(String key) {
        String bare = PREFIXES.stream()
                .filter(key::startsWith)
                .findFirst()
                .map(prefix -> key.substring(prefix.length()))
                .orElse(key);
        return Optional.ofNullable(REASONS.get(bare)).map(reason -> "remove it: " + reason);
    }
}
