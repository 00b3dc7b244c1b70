package dev.freshet.schemas.avro;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Opens the Confluent Schema Registry client. */
public final class RegistryClients {
    private static final int CACHED_SCHEMAS = 1_000;
    private static final String CONNECT_MILLIS = "5000";
    private static final String READ_MILLIS = "10000";
    private static final Duration EXCHANGE = Duration.ofSeconds(30);

    private RegistryClients() {}

    /**
     * @param url one or more base URLs, separated by commas
     * @param properties the client's own properties, as {@code basic.auth.user.info}
     */
    public static SchemaRegistryClient open(String url, Map<String, ?> properties) {
        return open(url, properties, EXCHANGE);
    }

    static SchemaRegistryClient open(String url, Map<String, ?> properties, Duration exchange) {
        Map<String, Object> settings = new HashMap<>(properties);
        settings.putIfAbsent(SchemaRegistryClientConfig.HTTP_CONNECT_TIMEOUT_MS, CONNECT_MILLIS);
        settings.putIfAbsent(SchemaRegistryClientConfig.HTTP_READ_TIMEOUT_MS, READ_MILLIS);
        return new CachedSchemaRegistryClient(
                new BoundedRestService(List.of(url.split(",")), exchange),
                CACHED_SCHEMAS,
                List.of(new AvroSchemaProvider()),
                settings,
                Map.of());
    }
}
