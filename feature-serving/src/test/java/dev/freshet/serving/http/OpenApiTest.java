package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The document against the code. */
class OpenApiTest {
    private static JsonNode document() throws IOException {
        try (InputStream in = Pages.class.getResourceAsStream("openapi.json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    @Test
    void eachRouteIsInItWithItsMethodAndNoOther() throws IOException {
        Set<Route> documented = new TreeSet<>();
        document().get("paths").properties().forEach(path -> {
            Route route = Route.of(path.getKey().replace("{id}", "1")).route();
            documented.add(route);
            path.getValue().fieldNames().forEachRemaining(method -> assertThat(
                            route.allows(method.toUpperCase(Locale.ROOT)))
                    .as(path.getKey() + " " + method)
                    .isTrue());
        });
        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Route.values())
                        .filter(route -> route != Route.OTHER)
                        .toList());
    }

    @Test
    void eachStatusIsInItAndEachCodeIsNamedWhereAStatusHasSeveral() throws IOException {
        JsonNode responses = document().get("components").get("responses");
        Set<String> statuses = Arrays.stream(Problem.values())
                .map(problem -> "Error" + problem.status())
                .collect(Collectors.toSet());
        assertThat(responses.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(statuses);
        for (int status : new int[] {412, 413, 503}) {
            String text = responses.get("Error" + status).get("description").textValue();
            for (Problem problem : Problem.values()) {
                if (problem.status() == status) {
                    assertThat(text).contains(problem.name());
                }
            }
        }
    }

    /** So that replies that tests get are held against something. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{'alive': true}|true", "{'alive': 1}|false", "{'alive': true, 'more': 1}|false", "{}|false"})
    void aBodyThatIsNotAsItSaysIsFound(String body, boolean isAsItSays) throws IOException {
        JsonNode response = document().at("/paths/~1health/get/responses/200");

        assertThat(Documented.faults(response, new ObjectMapper().readTree(body.replace('\'', '"')))
                        .isEmpty())
                .isEqualTo(isAsItSays);
    }

    @Test
    void whatIsReferredToIsThere() throws IOException {
        JsonNode document = document();
        document.findValuesAsText("$ref").forEach(reference -> assertThat(
                        document.at(reference.substring(1)).isMissingNode())
                .as(reference)
                .isFalse());
    }

    @Test
    void everyConditionIsInIt() throws IOException {
        JsonNode batch = document().at("/components/schemas/Batch/properties");
        JsonNode parameters = document().at("/components/parameters");
        for (String name : Conditions.NAMES) {
            assertThat(batch.has(name)).as(name).isTrue();
            assertThat(parameters.findValuesAsText("name")).contains(name);
        }
    }
}
