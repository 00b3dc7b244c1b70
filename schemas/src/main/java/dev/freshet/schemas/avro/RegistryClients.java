package dev.freshet.schemas.avro;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Opens the Confluent Schema Registry client. */
public final class RegistryClients {
    private static final int CACHED_SCHEMAS = 1_000;
    private static final String CONNECT_MILLIS = "5000";
    private static final String READ_MILLIS = "10000";
    private static final Duration EXCHANGE = Duration.ofSeconds(30);
    private static final String TLS = SchemaRegistryClientConfig.CLIENT_NAMESPACE + "ssl.";

    private RegistryClients() {}

    /**
     * @param url one or more base URLs, separated by commas
     * @param properties the client's own properties, as {@code basic.auth.user.info}
     * @throws RuntimeException of any kind, if it would not do as they say; asks no registry
     */
    public static SchemaRegistryClient open(String url, Map<String, ?> properties) {
        return open(url, properties, EXCHANGE);
    }

    static SchemaRegistryClient open(String url, Map<String, ?> properties, Duration exchange) {
        Map<String, Object> settings = new HashMap<>(properties);
        settings.putIfAbsent(SchemaRegistryClientConfig.HTTP_CONNECT_TIMEOUT_MS, CONNECT_MILLIS);
        settings.putIfAbsent(SchemaRegistryClientConfig.HTTP_READ_TIMEOUT_MS, READ_MILLIS);
        // Of an id that it does not know there may be as many entries as the topic has.
        settings.putIfAbsent(SchemaRegistryClientConfig.MISSING_ID_CACHE_TTL_CONFIG, 1L);
        if (settings.keySet().stream().anyMatch(key -> key.startsWith(TLS))) {
            // With TLS settings of its own the client takes a certificate of any name, unless it is told to look.
            settings.putIfAbsent(TLS + "endpoint.identification.algorithm", "https");
        }
        List<String> urls = Stream.of(url.split(",")).map(String::strip).toList();
        BoundedRestService connection = new BoundedRestService(urls, exchange);
        SchemaRegistryClient client = new CachedSchemaRegistryClient(
                connection, CACHED_SCHEMAS, List.of(new AvroSchemaProvider()), settings, Map.of());
        connection.requireCredentials(
                settings.get(SchemaRegistryClientConfig.BASIC_AUTH_CREDENTIALS_SOURCE),
                settings.get(SchemaRegistryClientConfig.BEARER_AUTH_CREDENTIALS_SOURCE));
        return client;
    }
}
