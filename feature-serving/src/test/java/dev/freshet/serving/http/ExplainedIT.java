package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.serving.http.RunningServer.Reply;

/** Explanations over HTTP, of a shop's own rows. */
class ExplainedIT {
    private static ServedTarget target;
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        target = ServedTarget.live();
        target.run("CREATE TABLE users (id bigint PRIMARY KEY)");
        target.run("CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL, total numeric NOT NULL,"
                + " created_at timestamptz)");
        target.run("INSERT INTO users VALUES (1), (2)");
        for (int user = 1; user <= 2; user++) {
            target.run(
                    "INSERT INTO orders VALUES (%1$d1, %1$d, 20.25, '2025-03-02Z'), (%1$d2, %1$d, 4.75, '2025-03-30Z')"
                            .formatted(user));
        }
        target.run("INSERT INTO user_features_g1 VALUES"
                + " (1, 1, 2, 12.5000, '2025-03-30', '2025-03-31 00:00:00Z', '2025-03-31 00:00:00.000001Z', false, 7),"
                + " (2, 9, 2, 12.5000, '2025-03-30', '2025-03-31 00:00:00Z', '2025-03-31 00:00:00.000001Z', false, 7)");
        // Beyond all that the source has and, while this runs, will have.
        target.completeThrough(1, "FFFFFF/0", "now()");
        FreshetConfig config = target.config();
        server = new RunningServer(config, RunningServer.explaining(config));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        target.close();
    }

    private static JsonNode explained(String path) throws Exception {
        Reply reply = server.get(path);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    @Test
    void theValuesOfARowAreComputedOnceMoreFromTheOrdersBehindThem() throws Exception {
        JsonNode explained = explained("/v1/users/1/explain");

        assertThat(explained.get("at").textValue()).isEqualTo("2025-03-31T00:00:00Z");
        assertThat(explained.get("verdict").textValue()).isEqualTo("agrees");
        assertThat(explained.get("features").findValuesAsText("recomputed"))
                .containsExactly("1", "2", "12.5000", "2025-03-30");
        assertThat(explained.at("/orders/newest").findValuesAsText("id")).containsExactly("12", "11");
        assertThat(explained.at("/row/version").longValue()).isEqualTo(7);
    }

    @Test
    void aRowThatIsNotWhatTheOrdersMakeIsSaidToDiffer() throws Exception {
        JsonNode explained = explained("/v1/users/2/explain");

        assertThat(explained.get("verdict").textValue()).isEqualTo("differs");
        JsonNode count = explained.at("/features/0");
        assertThat(count.get("table").textValue()).isEqualTo("9");
        assertThat(count.get("recomputed").textValue()).isEqualTo("1");
        assertThat(count.get("agrees").booleanValue()).isFalse();
    }

    @Test
    void atAnotherInstantTheValuesAreThoseOfThen() throws Exception {
        JsonNode explained = explained("/v1/users/1/explain?at=2025-03-15T00:00:00Z");

        assertThat(explained.get("at").textValue()).isEqualTo("2025-03-15T00:00:00Z");
        assertThat(explained.get("features").findValuesAsText("recomputed"))
                .containsExactly("0", "1", "20.2500", "2025-03-02");
    }

    @Test
    void whereThereWasNoRowNothingIsSaidToDiffer() throws Exception {
        JsonNode explained = explained("/v1/users/1/explain?at=2025-03-15T00:00:00Z");

        assertThat(explained.get("row").isNull()).isTrue();
        assertThat(explained.get("features").findValues("agrees")).hasSize(4).allMatch(JsonNode::isNull);
    }

    @Test
    void whoIsNotThereAndWhatIsNotYetIsRefused() throws Exception {
        assertThat(server.get("/v1/users/3/explain").status()).isEqualTo(404);
        assertThat(server.get("/v1/users/1/explain?at=9000-01-01T00:00:00Z").status())
                .isEqualTo(400);
    }
}
