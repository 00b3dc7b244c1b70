package dev.freshet.serving.http;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.serving.http.RunningServer.Reply;

/** Feast's wire format, against what is recorded of it; see feast/README.md in the resources. */
class FeastIT {
    private static final String PATH = "/get-online-features";
    private static ServedTarget target;
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        target = ServedTarget.live();
        target.row(1001, "3, 5, 12345678901234567890.1234, '2026-11-20'", null, false);
        target.row(1002, "0, 0, NULL, NULL", Instant.parse("2099-01-01T00:00:00Z"), true);
        target.row(1004, "1, 1, 'NaN', '2026-11-20'", null, false);
        server = new RunningServer(target.config("serving.max.age.ms", "3600000"));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        target.close();
    }

    private static String recorded(String name) throws IOException {
        try (InputStream in = FeastIT.class.getResourceAsStream("/feast/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theReplyIsAsRecordedBesideOurOwnMember() throws Exception {
        Reply reply = server.post(PATH, recorded("request.json"), "Content-Type", "application/json");

        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        ObjectNode json = (ObjectNode) reply.json();
        JsonNode ours = ((ObjectNode) json.get("metadata")).remove("freshet");
        assertThat(json)
                .isEqualTo(JsonMapper.builder()
                        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                        .build()
                        .readTree(recorded("reply.json")));
        assertThat(ours.get("complete_through").get("generation").intValue()).isEqualTo(1);
        assertThat(ours.get("incomplete").toString()).isEqualTo("[false,true,false,false]");
        assertThat(ours.get("exact_until").toString()).isEqualTo("[null,\"2099-01-01T00:00:00Z\",null,null]");
    }

    @Test
    void theServiceIsAllFeaturesAndFullNamesBearTheView() throws Exception {
        JsonNode metadata = server.post(
                        PATH,
                        "{\"feature_service\": \"user_features\", \"full_feature_names\": true, \"entities\": {\"user_id\": []}}")
                .json()
                .get("metadata");

        assertThat(metadata.get("feature_names").toString())
                .isEqualTo("[\"user_id\",\"user_features__order_count_7d\",\"user_features__order_count_30d\","
                        + "\"user_features__avg_order_value\",\"user_features__last_order_date\"]");
    }

    @Test
    void whatJsonHasNoNumberForIsATextAsInProtobuf() throws Exception {
        JsonNode column = server.post(
                        PATH, "{\"features\": [\"avg_order_value\"], \"entities\": {\"user_id\": [1004]}}")
                .json()
                .get("results")
                .get(1);

        assertThat(column.get("values").toString()).isEqualTo("[\"NaN\"]");
        assertThat(column.get("statuses").toString()).isEqualTo("[\"PRESENT\"]");
    }

    @Test
    void whatIsTooOldIsWithheld() throws Exception {
        String request =
                "{\"features\": [\"order_count_7d\"], \"entities\": {\"user_id\": [1001, 9]}, \"max_age_ms\": 0}";

        JsonNode column = server.post(PATH, request).json().get("results").get(1);

        assertThat(column.get("values").toString()).isEqualTo("[null,null]");
        assertThat(column.get("statuses").toString()).isEqualTo("[\"OUTSIDE_MAX_AGE\",\"NOT_FOUND\"]");
    }

    @Test
    void membersOfFeastsThatMeanNothingHereAreReadOver() throws Exception {
        assertThat(server.post(
                                PATH,
                                "{\"features\": [\"order_count_7d\"], \"entities\": {\"user_id\": [1001]},"
                                        + " \"include_feature_view_version_metadata\": false, \"project\": {\"a\": [1]}}")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"0, 200", "1, 200", "1000, 200", "1001, 413"})
    void upToAThousandEntitiesAreAnswered(int entities, int status) throws Exception {
        String ids =
                IntStream.rangeClosed(1, entities).mapToObj(Integer::toString).collect(joining(","));

        Reply reply =
                server.post(PATH, "{\"features\": [\"order_count_7d\"], \"entities\": {\"user_id\": [" + ids + "]}}");

        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        if (status == 200) {
            assertThat(reply.json().get("results").get(1).get("values")).hasSize(entities);
        }
    }

    @Test
    void anEntityThatIsAskedForTwiceIsAnsweredAtBothPositions() throws Exception {
        JsonNode column = server.post(
                        PATH, "{\"features\": [\"order_count_7d\"], \"entities\": {\"user_id\": [1001, 9, 1001]}}")
                .json()
                .get("results")
                .get(1);

        assertThat(column.get("values").toString()).isEqualTo("[3,null,3]");
        assertThat(column.get("statuses").toString()).isEqualTo("[\"PRESENT\",\"NOT_FOUND\",\"PRESENT\"]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"entities\": {\"user_id\": [1]}}",
                "{\"features\": [], \"entities\": {\"user_id\": [1]}}",
                "{\"features\": [\"order_count_7d\"]}",
                "{\"features\": [\"order_count_7d\"], \"entities\": {}}",
                "{\"features\": [\"order_count_7d\"], \"entities\": {\"driver_id\": [1]}}",
                "{\"features\": [\"order_count_7d\"], \"entities\": [1]}",
                "{\"features\": [\"other_view:order_count_7d\"], \"entities\": {\"user_id\": [1]}}",
                "{\"features\": [\"user_features:*\"], \"entities\": {\"user_id\": [1]}}",
                "{\"features\": [\"user_features:order_count_8d\"], \"entities\": {\"user_id\": [1]}}",
                "{\"features\": [null], \"entities\": {\"user_id\": [1]}}",
                "{\"features\": [\"order_count_7d\"], \"entities\": {\"user_id\": [1, null]}}",
                "{\"features\": [\"order_count_7d\"], \"entities\": {\"user_id\": [1], \"user_id\": [2]}}",
                "{\"feature_service\": \"other\", \"entities\": {\"user_id\": [1]}}"
            })
    void whatIsNotUnderstoodIsRefused(String body) throws Exception {
        Reply reply = server.post(PATH, body);

        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
    }
}
