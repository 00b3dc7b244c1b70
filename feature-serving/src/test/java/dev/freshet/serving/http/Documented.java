package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;

/** Holds each reply that a test gets against the document of them. */
final class Documented {
    private static final JsonNode PATHS = read();

    private Documented() {}

    private static JsonNode read() {
        try (InputStream in = Pages.class.getResourceAsStream("openapi.json")) {
            return new ObjectMapper().readTree(in).get("paths");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void check(String path, String method, int status) {
        Route route = Route.of(path).route();
        for (Map.Entry<String, JsonNode> each : PATHS.properties()) {
            JsonNode operation = each.getValue().get(method.toLowerCase(Locale.ROOT));
            if (Route.of(each.getKey()).route() == route && operation != null) {
                assertThat(operation.get("responses").has(Integer.toString(status)))
                        .as("%d is documented for %s %s", status, method, each.getKey())
                        .isTrue();
            }
        }
    }
}
