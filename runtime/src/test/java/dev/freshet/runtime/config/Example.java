package dev.freshet.runtime.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The settings of freshet.example.yaml, those included that are there as comments, and another value for each. */
final class Example {
    static final Path FILE = Path.of("..", "freshet.example.yaml");

    /** By key. Whoever adds a setting adds a value here that is right and not the default. */
    static final Map<String, String> OTHER_VALUES = Map.ofEntries(
            Map.entry("name", "other"),
            Map.entry("source.url", "jdbc:postgresql://other:5433/other"),
            Map.entry("source.user", "other"),
            Map.entry("source.password", "other"),
            Map.entry("source.schema", "other"),
            Map.entry("source.users.table", "other"),
            Map.entry("source.users.id", "other"),
            Map.entry("source.users.id.type", "uuid"),
            Map.entry("source.orders.table", "other"),
            Map.entry("source.orders.id", "other"),
            Map.entry("source.orders.user.id", "other"),
            Map.entry("source.orders.created.at", "other"),
            Map.entry("source.orders.created.at.type", "timestamp"),
            Map.entry("source.orders.columns.total", "other"),
            Map.entry("source.orders.scale.total", "2"),
            Map.entry("source.orders.where", "status <> 'other'"),
            Map.entry("source.setup", "true"),
            Map.entry("target.url", "jdbc:postgresql://other:5433/other"),
            Map.entry("target.user", "other"),
            Map.entry("target.password", "other"),
            Map.entry("target.schema", "other"),
            Map.entry("target.history.retention", "7d"),
            Map.entry("kafka.bootstrap.servers", "other:9093"),
            Map.entry("kafka.partitions", "3"),
            Map.entry("kafka.replication.factor", "3"),
            Map.entry("kafka.properties.linger.ms", "1"),
            Map.entry("schema.registry.url", "http://other:8082"),
            Map.entry("schema.registry.properties.basic.auth.user.info", "other"),
            Map.entry("ingest.poll.interval.ms", "6"),
            Map.entry("ingest.heartbeat.interval.ms", "6"),
            Map.entry("ingest.max.batch.size", "6"),
            Map.entry("ingest.max.queue.size", "8193"),
            Map.entry("ingest.tick.interval.ms", "60"),
            Map.entry("ingest.source.heartbeat.interval.ms", "60"),
            Map.entry("ingest.slot.max.retained.mb", "6"),
            Map.entry("ingest.max.transaction.changes", "6"),
            Map.entry("ingest.properties.database.sslmode", "require"),
            Map.entry("streams.state.dir", "/other"),
            Map.entry("streams.commit.interval.ms", "6"),
            Map.entry("streams.num.stream.threads", "6"),
            Map.entry("streams.num.standby.replicas", "6"),
            Map.entry("streams.emit.slice", "6"),
            Map.entry("streams.instance.id", "other"),
            Map.entry("streams.session.timeout.ms", "6000"),
            Map.entry("reconcile.interval", "6h"),
            Map.entry("sink.max.batch", "6"),
            Map.entry("sink.instance.id", "other"),
            Map.entry("sink.session.timeout.ms", "6000"),
            Map.entry("sink.poll.timeout.ms", "6"),
            Map.entry("serving.host", "::1"),
            Map.entry("serving.port", "6"),
            Map.entry("serving.tokens.file", "/other"),
            Map.entry("serving.max.age.ms", "600"),
            Map.entry("serving.max.wait.ms", "6"),
            Map.entry("serving.pool.size", "6"),
            Map.entry("serving.max.connections", "6"),
            Map.entry("monitoring.host", "0.0.0.0"),
            Map.entry("monitoring.port", "9999"),
            Map.entry("monitoring.max.age.ms", "6000"),
            Map.entry("features.0.name", "other"),
            Map.entry("features.0.aggregate", "last_date"),
            Map.entry("features.0.window", "6d"),
            Map.entry("features.2.column", "other"));

    private static final String ANY = "any.key";

    private Example() {}

    /** A comment is a setting if its key follows on the # without a space. An empty section shows that any key may be in it. */
    static Map<String, String> everySetting(Path directory) throws IOException {
        String text = Files.readString(FILE)
                .replaceAll("(?m)^( *)#(?=[a-z][a-z.]*: )", "$1")
                .replace(": {}", ": {" + ANY + ": any}");
        Path uncommented = Files.writeString(directory.resolve("example.yaml"), text);
        Faults faults = new Faults();
        Map<String, String> settings = YamlTree.read(uncommented, faults);
        faults.throwIfAny();
        return settings;
    }

    /** Those that go together: of the two ways to give a password neither. */
    static Map<String, String> usable(Map<String, String> everySetting) {
        Map<String, String> usable = new HashMap<>(everySetting);
        usable.keySet().removeIf(key -> key.matches(".*\\.password(\\.file)?") || key.endsWith("." + ANY));
        return usable;
    }

    /** The example's configuration, but with these. */
    static FreshetConfig config(Map<String, String> usable, Map<String, String> others) {
        Map<String, String> settings = new HashMap<>(usable);
        settings.putAll(others);
        return FreshetConfig.of(settings);
    }
}
