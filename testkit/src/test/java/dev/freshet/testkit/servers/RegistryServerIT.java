package dev.freshet.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryServerIT {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final AvroSchema ORDER = record("{\"name\":\"id\",\"type\":\"long\"}");
    private static final AvroSchema ORDER_WITH_NOTE = record(
            "{\"name\":\"id\",\"type\":\"long\"},{\"name\":\"note\",\"type\":[\"null\",\"string\"],\"default\":null}");
    private static final AvroSchema ORDER_WITH_OTHER_ID = record("{\"name\":\"id\",\"type\":\"boolean\"}");

    @TempDir
    static Path directory;

    private static PostgresServer postgres;

    private final String database = "registry" + DATABASES.incrementAndGet();

    @BeforeAll
    static void startPostgres() {
        postgres = new PostgresServer(directory.resolve("postgres"), 0);
        postgres.start();
    }

    @AfterAll
    static void stopPostgres() {
        postgres.stop();
    }

    @Test
    void registersAndGivesBackSchemas() throws Exception {
        try (RegistryServer server = started()) {
            int id = client(server).register("orders-value", ORDER);
            assertThat(client(server).getSchemaById(id)).isEqualTo(ORDER);
            assertThat(client(server).register("orders-value", ORDER)).isEqualTo(id);
        }
    }

    @Test
    void refusesIncompatibleSchemaWith409() throws Exception {
        try (RegistryServer server = started()) {
            SchemaRegistryClient client = client(server);
            client.register("orders-value", ORDER);
            client.updateCompatibility("orders-value", "FULL");
            assertThat(client.testCompatibility("orders-value", ORDER_WITH_NOTE))
                    .isTrue();
            assertThat(client.testCompatibility("orders-value", ORDER_WITH_OTHER_ID))
                    .isFalse();
            assertThatThrownBy(() -> client.register("orders-value", ORDER_WITH_OTHER_ID))
                    .isInstanceOfSatisfying(RestClientException.class, e -> assertThat(e.getStatus())
                            .isEqualTo(409));
        }
    }

    @Test
    void keepsSchemaIdsOverKillAndRestart() throws Exception {
        try (RegistryServer server = started()) {
            int id = client(server).register("orders-value", ORDER);

            server.killHard();
            server.restart();

            assertThat(client(server).getSchemaById(id)).isEqualTo(ORDER);
            assertThat(client(server).register("orders-value", ORDER)).isEqualTo(id);
            assertThat(client(server).register("orders-value", ORDER_WITH_NOTE)).isNotEqualTo(id);
        }
    }

    @Test
    void servesOnWhenPostgresWasKilledAndRestarted() throws Exception {
        try (RegistryServer server = started()) {
            int id = client(server).register("orders-value", ORDER);
            postgres.killHard();
            postgres.restart();
            assertThat(client(server).getSchemaById(id)).isEqualTo(ORDER);
        }
    }

    @Test
    void replacesRegistryThatAnEarlierRunLeftBehind() throws Exception {
        RegistryServer leftBehind = started();
        int id = client(leftBehind).register("orders-value", ORDER);
        try (RegistryServer server = started()) {
            assertThat(leftBehind.isRunning()).isFalse();
            assertThat(client(server).getSchemaById(id)).isEqualTo(ORDER);
        }
    }

    private RegistryServer started() {
        RegistryServer server = new RegistryServer(directory.resolve("registry"), 0, postgres, database);
        server.start();
        return server;
    }

    private static SchemaRegistryClient client(RegistryServer server) {
        return new CachedSchemaRegistryClient(server.url(), 100);
    }

    private static AvroSchema record(String fields) {
        return new AvroSchema("{\"type\":\"record\",\"name\":\"Order\",\"fields\":[" + fields + "]}");
    }
}
