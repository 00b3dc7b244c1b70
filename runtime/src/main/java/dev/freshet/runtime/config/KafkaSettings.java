package dev.freshet.runtime.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The broker, its registry, and how our topics are laid out.
 *
 * @param partitions of a new generation's topics; an existing one keeps its own
 * @param replicationFactor of topics that we create
 * @param properties passed on to every client, or, after {@code consumer.}, {@code producer.} or {@code admin.}, to those;
 *     may hold secrets
 */
public record KafkaSettings(
        String bootstrapServers,
        int partitions,
        int replicationFactor,
        Map<String, String> properties,
        RegistrySettings registry) {
    private static final Pattern SERVER = Pattern.compile("(?:\\w+://)?(?:[^\\s:/@]+|\\[[0-9a-fA-F:.]+]):(\\d+)");
    private static final int MAX_PARTITIONS = 1_024;

    public KafkaSettings {
        properties = Map.copyOf(properties);
        Faults faults = new Faults();
        for (String server : bootstrapServers.split(",", -1)) {
            Matcher matcher = SERVER.matcher(server.strip());
            faults.require(
                    matcher.matches() && Ranges.isPort(matcher.group(1)),
                    "kafka.bootstrap.servers",
                    bootstrapServers,
                    "write host:port, with a port from 1 to 65535, and commas between several");
        }
        faults.require(
                        partitions >= 1 && partitions <= MAX_PARTITIONS,
                        "kafka.partitions",
                        partitions,
                        "write a number from 1 to " + MAX_PARTITIONS)
                .require(
                        replicationFactor >= 1 && replicationFactor <= Short.MAX_VALUE,
                        "kafka.replication.factor",
                        replicationFactor,
                        "write the number of brokers that hold each record, 3 in production");
        KafkaKeys.check(faults, "kafka.properties", properties);
        NamedFiles.check(faults, "kafka.properties", properties);
        faults.throwIfAny();
    }

    @Override
    public String toString() {
        return "KafkaSettings[" + bootstrapServers + ", partitions=" + partitions + ", replicationFactor="
                + replicationFactor + ", properties=" + properties.keySet() + ", " + registry + "]";
    }
}
