package dev.freshet.serving.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.runtime.config.IdType;
import dev.freshet.serving.http.RunningServer.Reply;

/** The replies of {@code /v1}. */
class PlainLookupIT {
    private static final Instant FAR = Instant.parse("2099-01-01T00:00:00.000001Z");
    private static ServedTarget target;
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        target = ServedTarget.live();
        target.row(1, "3, 5, 12345678901234567890.1234, '2026-11-20'", FAR, false);
        target.row(2, "0, 0, NULL, NULL", null, false);
        target.row(3, "1, 1, 'NaN', '2026-11-20'", null, true);
        target.row(-9);
        target.row(-10);
        target.completeThrough(1, "16/B374D848", "now()");
        server = new RunningServer(target.config("serving.max.age.ms", "600000"));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        target.close();
    }

    @Test
    void aRowIsToldWithEveryDigitAndHowFreshItIs() throws Exception {
        Reply reply = server.get("/v1/users/1/features");

        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        JsonNode user = reply.json();
        assertThat(user.get("user_id").longValue()).isEqualTo(1);
        assertThat(user.get("status").textValue()).isEqualTo("PRESENT");
        assertThat(user.get("features").toString())
                .isEqualTo("{\"order_count_7d\":3,\"order_count_30d\":5,"
                        + "\"avg_order_value\":\"12345678901234567890.1234\",\"last_order_date\":\"2026-11-20\"}");
        assertThat(user.get("computed_at").textValue()).isEqualTo("2026-11-21T12:00:00.000005Z");
        assertThat(user.get("exact_until").textValue()).isEqualTo("2099-01-01T00:00:00.000001Z");
        assertThat(user.get("incomplete").booleanValue()).isFalse();
        assertThat(user.get("version").intValue()).isEqualTo(7);
        assertThat(user.get("epoch").intValue()).isEqualTo(1);
        assertThat(user.get("complete_through").get("generation").intValue()).isEqualTo(1);
        assertThat(user.get("complete_through").get("lsn").textValue()).isEqualTo("16/B374D848");
        assertThat(user.get("max_age_ms").intValue()).isEqualTo(600_000);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
        assertThat(reply.header("X-Request-Id")).isNotBlank();
    }

    @Test
    void nullAndNotANumberAreToldAsSuch() throws Exception {
        assertThat(server.get("/v1/users/2/features").json().get("features").toString())
                .isEqualTo("{\"order_count_7d\":0,\"order_count_30d\":0,"
                        + "\"avg_order_value\":null,\"last_order_date\":null}");
        JsonNode flagged = server.get("/v1/users/3/features").json();
        assertThat(flagged.get("features").get("avg_order_value").textValue()).isEqualTo("NaN");
        assertThat(flagged.get("incomplete").booleanValue()).isTrue();
        assertThat(flagged.get("exact_until").isNull()).isTrue();
    }

    /** The driver takes numbers in another form from a statement's fifth execution on. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2.5000",
                "0.0000001",
                "-0.00",
                "100",
                "1e-30",
                "NaN",
                "Infinity",
                "-Infinity",
                "0.00000000000000000000"
            })
    void aDecimalIsToldAsPostgresqlPrintsItHoweverOftenItIsAskedFor(String average) throws Exception {
        target.run("UPDATE user_features_g1 SET avg_order_value = '%s' WHERE user_id = -10".formatted(average));
        String printed = target.text("SELECT avg_order_value::text FROM user_features WHERE user_id = -10");

        for (int i = 0; i < 12; i++) {
            JsonNode features = server.get("/v1/users/-10/features").json().get("features");
            assertThat(features.get("avg_order_value").textValue()).isEqualTo(printed);
        }
    }

    @Test
    void aUserThatDoesNotExistIsNotFoundWithHowFarTheTableIs() throws Exception {
        Reply reply = server.get("/v1/users/4/features");

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.json().get("code").textValue()).isEqualTo("NOT_FOUND");
        assertThat(reply.json().get("complete_through").get("lsn").textValue()).isEqualTo("16/B374D848");
        assertThat(reply.json().get("request_id").textValue()).isEqualTo(reply.header("X-Request-Id"));
    }

    @Test
    void aUserIsFoundUntilItIsDeleted() throws Exception {
        target.row(77);
        assertThat(server.get("/v1/users/77/features").status()).isEqualTo(200);
        target.run("DELETE FROM user_features_g1 WHERE user_id = 77");
        assertThat(server.get("/v1/users/77/features").status()).isEqualTo(404);
    }

    @Test
    void aBatchIsAnsweredByPosition() throws Exception {
        Reply reply =
                server.post("/v1/users/features", "{\"users\": [2, 4, \"2\", -9]}", "Content-Type", "application/json");

        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        JsonNode users = reply.json().get("users");
        assertThat(users).hasSize(4);
        assertThat(users.get(0).get("user_id").longValue()).isEqualTo(2);
        assertThat(users.get(1).toString()).isEqualTo("{\"user_id\":4,\"status\":\"NOT_FOUND\"}");
        assertThat(users.get(2)).isEqualTo(users.get(0));
        assertThat(users.get(3).get("user_id").longValue()).isEqualTo(-9);
        assertThat(reply.json().get("complete_through").get("generation").intValue())
                .isEqualTo(1);
    }

    @Test
    void onlyTheFeaturesThatAreNamedAreToldInTheirOrder() throws Exception {
        String chosen = "{\"last_order_date\":\"2026-11-20\",\"order_count_7d\":3}";
        assertThat(server.get("/v1/users/1/features?features=last_order_date,order_count_7d")
                        .json()
                        .get("features")
                        .toString())
                .isEqualTo(chosen);
        assertThat(server.post(
                                "/v1/users/features",
                                "{\"users\": [1], \"features\": [\"last_order_date\", \"order_count_7d\"]}")
                        .json()
                        .get("users")
                        .get(0)
                        .get("features")
                        .toString())
                .isEqualTo(chosen);
    }

    @ParameterizedTest
    @CsvSource({"0, 200", "1, 200", "1000, 200", "1001, 413"})
    void upToAThousandUsersAreAnswered(int users, int status) throws Exception {
        String ids = IntStream.rangeClosed(1, users).mapToObj(Integer::toString).collect(Collectors.joining(","));

        Reply reply = server.post("/v1/users/features", "{\"users\":[" + ids + "]}");

        assertThat(reply.status()).isEqualTo(status);
        if (status == 200) {
            assertThat(reply.json().get("users")).hasSize(users);
            assertThat(reply.json().has("complete_through")).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"abc", "1.5", "1e3", "+1", "01", "9223372036854775808", "1;DROP", "1%3BDROP", "%20", "1'--", "٣"
            })
    void whatIsNoIdIsRefused(String id) throws Exception {
        Reply reply = server.get("/v1/users/" + URLEncoder.encode(id, UTF_8).replace("%25", "%") + "/features");

        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.json().get("message").textValue()).contains("id has to be an integer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "9223372036854775807", "-9223372036854775808"})
    void anIdOfNobodyIsNotFound(String id) throws Exception {
        assertThat(server.get("/v1/users/" + id + "/features").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "order_count_8d", "", "order_count_7d,", "user_id", "email"})
    void aFeatureThatIsNotKnownIsRefusedWithThoseThatAre(String feature) throws Exception {
        Reply reply = server.get("/v1/users/1/features?features=" + feature);

        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.json().get("message").textValue())
                .contains("order_count_7d, order_count_30d, avg_order_value, last_order_date");
    }

    /** On its way to the target half of a character becomes a question mark. */
    @Test
    void aTextThatPostgresqlCannotHoldIsNobodys() throws Exception {
        try (ServedTarget texts = ServedTarget.live(IdType.TEXT)) {
            texts.row("?");
            try (RunningServer served = new RunningServer(texts.config())) {
                for (String id : List.of("\\ud800", "\\udc00")) {
                    Reply reply = served.post("/v1/users/features", "{\"users\": [\"" + id + "\", \"?\"]}");
                    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
                    assertThat(reply.json().get("users").findValuesAsText("status"))
                            .containsExactly("NOT_FOUND", "PRESENT");
                }
                for (String id : List.of("\\u0000", "a\\u0000b")) {
                    assertThat(served.post("/v1/users/features", "{\"users\": [\"" + id + "\"]}")
                                    .status())
                            .as(id)
                            .isEqualTo(400);
                }
                for (String id : List.of("%00", "%ed%a0%80", "%ff", "%c0%80")) {
                    assertThat(served.get("/v1/users/" + id + "/features").status())
                            .as(id)
                            .isEqualTo(400);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"UUID|0191e7d4-0000-7000-8000-000000000001|0191E7D4-0000-7000-8000-000000000001", "TEXT|a b+c|"})
    void idsMayBeTextsOrUuids(IdType type, String encoded, String wrong) throws Exception {
        try (ServedTarget texts = ServedTarget.live(type)) {
            texts.row(encoded);
            texts.row("0191e7d4-0000-7000-8000-000000000002");
            try (RunningServer served = new RunningServer(texts.config())) {
                assertThat(served.get("/v1/users/" + encoded.replace(" ", "%20") + "/features")
                                .json()
                                .get("user_id")
                                .textValue())
                        .isEqualTo(encoded);
                JsonNode users = served.post(
                                "/v1/users/features",
                                "{\"users\": [\"" + encoded + "\", \"0191e7d4-0000-7000-8000-000000000002\"]}")
                        .json()
                        .get("users");
                assertThat(users.get(0).get("status").textValue()).isEqualTo("PRESENT");
                assertThat(users.get(1).get("status").textValue()).isEqualTo("PRESENT");
                if (wrong != null) {
                    assertThat(served.get("/v1/users/" + wrong + "/features").status())
                            .isEqualTo(400);
                }
                assertThat(served.post("/v1/users/features", "{\"users\": [7]}").status())
                        .isEqualTo(400);
            }
        }
    }
}
