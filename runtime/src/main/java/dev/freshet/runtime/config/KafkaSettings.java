package dev.freshet.runtime.config;

import java.util.Map;

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
    private static final int MAX_PARTITIONS = 1_024;

    public KafkaSettings {
        properties = Map.copyOf(properties);
        Faults faults = new Faults();
        for (String server : bootstrapServers.split(",", -1)) {
            faults.require(
                    server.strip().matches("(\\w+://)?[^\\s:/]+:\\d{1,5}|(\\w+://)?\\[[0-9a-fA-F:.]+]:\\d{1,5}"),
                    "kafka.bootstrap.servers",
                    bootstrapServers,
                    "write host:port, with commas between several");
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
        for (Map.Entry<String, String> property : properties.entrySet()) {
            ReservedProperties.reason(property.getKey())
                    .ifPresent(why -> faults.add("kafka.properties." + property.getKey(), property.getValue(), why));
        }
        faults.throwIfAny();
    }

    @Override
    public String toString() {
        return "KafkaSettings[" + bootstrapServers + ", partitions=" + partitions + ", replicationFactor="
                + replicationFactor + ", properties=" + properties.keySet() + ", " + registry + "]";
    }
}
