package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Holds each reply that a test gets against the document of them: its status, and its body with every member. */
final class Documented {
    private static final JsonNode DOCUMENT = read();
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            registry -> registry.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    private Documented() {}

    private static JsonNode read() {
        try (InputStream in = Pages.class.getResourceAsStream("openapi.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void check(String path, String method, RunningServer.Reply reply) throws IOException {
        Route route = Route.of(path).route();
        for (Map.Entry<String, JsonNode> each : DOCUMENT.get("paths").properties()) {
            JsonNode operation = each.getValue().get(method.toLowerCase(Locale.ROOT));
            if (Route.of(each.getKey()).route() == route && operation != null) {
                JsonNode response = operation.get("responses").get(Integer.toString(reply.status()));
                String what = reply.status() + " of " + method + " " + each.getKey();
                assertThat(response).as("the document has %s", what).isNotNull();
                assertThat(faults(response, reply.json()))
                        .as("%s as the document has it: %s", what, reply.text())
                        .isEmpty();
            }
        }
    }

    /** What of a body the document does not have, or has otherwise. */
    static List<String> faults(JsonNode response, JsonNode body) {
        JsonNode named = response.has("$ref")
                ? DOCUMENT.at(response.get("$ref").textValue().substring(1))
                : response;
        String schema = named.at("/content/application~1json/schema/$ref").textValue();
        return SCHEMAS.computeIfAbsent(schema, Documented::compiled).validate(body).stream()
                .map(String::valueOf)
                .toList();
    }

    /** Clients have to expect further members of later versions; this one has none that the document does not have. */
    private static Schema compiled(String schema) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.set("components", DOCUMENT.get("components"));
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("$ref", schema);
        root.put("unevaluatedProperties", schema.endsWith("/Document"));
        return REGISTRY.getSchema(root);
    }
}
