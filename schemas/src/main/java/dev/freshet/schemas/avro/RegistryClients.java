package dev.freshet.schemas.avro;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.util.List;
import java.util.Map;

/** Opens the Confluent Schema Registry client. */
public final class RegistryClients {
    private static final int CACHED_SCHEMAS = 1_000;

    private RegistryClients() {}

    /**
     * @param url one or more base URLs, separated by commas
     * @param properties the client's own properties, as {@code basic.auth.user.info}
     */
    public static SchemaRegistryClient open(String url, Map<String, ?> properties) {
        return new CachedSchemaRegistryClient(
                List.of(url.split(",")), CACHED_SCHEMAS, List.of(new AvroSchemaProvider()), properties);
    }
}
