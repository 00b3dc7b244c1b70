package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.serving.http.RunningServer.Reply;

/** What a request asks of the freshness of its answer. */
class ConditionsIT {
    private static final String PATH = "/v1/users/1/features";
    /** Not how complete the table was a moment ago. */
    private static final String NOW = PATH + "?min_lsn=0/20";

    private ServedTarget target;
    private RunningServer server;

    @BeforeEach
    void start() throws Exception {
        target = ServedTarget.live();
        target.row(1);
        server = new RunningServer(
                target.config("serving.max.age.ms", "60000", "serving.max.wait.ms", "60000", "serving.pool.size", "4"));
        await("the source's clock")
                .atMost(Duration.ofSeconds(20))
                .until(() -> server.get(PATH).text().contains("\"age_clock\":\"source\""));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        target.close();
    }

    private static String status(Reply reply) throws Exception {
        return reply.json().get("status").textValue();
    }

    @Test
    void whatIsOlderThanTheDefaultIsToldWithItsAge() throws Exception {
        target.completeThrough(1, "0/20", "clock_timestamp() - interval '1 hour'");

        Reply reply = server.get(NOW);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(status(reply)).isEqualTo("OUTSIDE_MAX_AGE");
        assertThat(reply.json().get("age_ms").longValue()).isBetween(3_600_000L, 3_660_000L);
        assertThat(reply.json().get("features").get("order_count_7d").intValue())
                .isOne();
    }

    @Test
    void aBodyGoesBeforeAQueryAndThatBeforeAHeader() throws Exception {
        target.completeThrough(1, "0/20", "clock_timestamp() - interval '30 s'");
        assertThat(status(server.get(NOW))).isEqualTo("PRESENT");
        assertThat(status(server.get(PATH, "Freshet-Max-Age-Ms", "1000"))).isEqualTo("OUTSIDE_MAX_AGE");
        assertThat(status(server.get(PATH + "?max_age_ms=50000", "Freshet-Max-Age-Ms", "1000")))
                .isEqualTo("PRESENT");
        assertThat(server.post(
                                "/v1/users/features?max_age_ms=50000",
                                "{\"users\": [1], \"max_age_ms\": 1000}",
                                "Freshet-Max-Age-Ms",
                                "50000")
                        .json()
                        .get("users")
                        .get(0)
                        .get("status")
                        .textValue())
                .isEqualTo("OUTSIDE_MAX_AGE");
    }

    @Test
    void staleIsAnErrorWhereThatIsAskedFor() throws Exception {
        target.completeThrough(1, "0/20", "clock_timestamp() - interval '1 hour'");

        Reply reply = server.get(NOW + "&stale=error");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("Retry-After")).isEqualTo("1");
        assertThat(reply.json().get("code").textValue()).isEqualTo("OUTSIDE_MAX_AGE");
        assertThat(reply.json().has("age_ms")).isTrue();
        assertThat(server.get(PATH + "?stale=flag").status()).isEqualTo(200);
    }

    @Test
    void aRowThatTimeAloneHasChangedIsNotPassedOffAsFresh() throws Exception {
        target.row(2, "1, 1, 1, NULL", Instant.parse("2020-01-01T00:00:00Z"), false);
        target.row(3, "1, 1, 1, NULL", Instant.parse("2099-01-01T00:00:00Z"), false);

        assertThat(status(server.get("/v1/users/2/features"))).isEqualTo("OUTSIDE_MAX_AGE");
        assertThat(status(server.get("/v1/users/3/features"))).isEqualTo("PRESENT");
        assertThat(server.get("/v1/users/2/features?stale=error").status()).isEqualTo(503);
    }

    @Test
    void aClockThatWasSetBackTellsNoAge() throws Exception {
        target.completeThrough(1, "0/20", "clock_timestamp() + interval '1 hour'");

        Reply reply = server.get(NOW);

        assertThat(reply.json().get("age_ms").isNull()).isTrue();
        assertThat(status(reply)).isEqualTo("OUTSIDE_MAX_AGE");
    }

    @Test
    void aPositionThatIsReachedIsAnsweredAtOnce() throws Exception {
        assertThat(server.get(PATH + "?min_lsn=0/10&wait_ms=0").status()).isEqualTo(200);
        assertThat(server.get(PATH + "?min_lsn=0/11&wait_ms=0").status()).isEqualTo(412);
    }

    @Test
    void aPositionThatIsNotReachedInTimeIsRefusedWithHowFarTheTableIs() throws Exception {
        Reply reply = server.get(PATH + "?min_lsn=1/0&wait_ms=100");

        assertThat(reply.status()).isEqualTo(412);
        assertThat(reply.json().get("code").textValue()).isEqualTo("LSN_NOT_REACHED");
        assertThat(reply.json().get("complete_through").get("lsn").textValue()).isEqualTo("0/10");
    }

    @Test
    void manyWaitWithoutAConnectionOrAThreadEach() throws Exception {
        List<CompletableFuture<Reply>> replies = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            replies.add(server.getLater(PATH + "?min_lsn=0/20"));
        }
        await("all wait").atMost(Duration.ofSeconds(40)).until(() -> server.gauge("freshet.serving.waiters") == 60);
        assertThat(server.gauge("freshet.serving.pool.used")).isLessThan(3);
        assertThat(server.get(PATH).status()).isEqualTo(200);

        target.row(2);
        target.completeThrough(1, "0/20", "now()");

        for (CompletableFuture<Reply> reply : replies) {
            assertThat(reply.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
        assertThat(server.gauge("freshet.serving.waiters")).isZero();
    }

    @Test
    void whoLeavesWhileWaitingLeavesNothingBehind() throws Exception {
        try (RawConnection connection = new RawConnection(server.port())) {
            connection.send("GET " + PATH + "?min_lsn=1/0&wait_ms=1500 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            await("it waits").until(() -> server.gauge("freshet.serving.waiters") == 1);
        }
        await("nothing waits").atMost(Duration.ofSeconds(10)).until(() -> server.gauge("freshet.serving.waiters") == 0);
        await("no connection is held").until(() -> server.gauge("freshet.serving.pool.used") == 0);
        assertThat(server.get(PATH).status()).isEqualTo(200);
    }

    @Test
    void anotherGenerationThanTheOneThatIsLiveIsRefused() throws Exception {
        assertThat(server.get(PATH + "?generation=1").status()).isEqualTo(200);
        Reply reply = server.get(PATH + "?generation=2&min_lsn=1/0");
        assertThat(reply.status()).isEqualTo(412);
        assertThat(reply.json().get("code").textValue()).isEqualTo("OTHER_GENERATION");
    }

    @Test
    void aSwapIsSeenByTheNextLookup() throws Exception {
        target.createTables(2);
        target.completeThrough(2, "0/30", "now()");
        target.run("INSERT INTO user_features_g2 SELECT 1, 9, 9, 9, NULL, now(), NULL, false, 1");
        for (int i = 0; i < 20; i++) {
            server.get(PATH);
        }
        target.activate(2);

        JsonNode reply = server.get(PATH).json();

        assertThat(reply.get("features").get("order_count_7d").intValue()).isEqualTo(9);
        assertThat(reply.get("epoch").intValue()).isEqualTo(2);
        assertThat(reply.get("complete_through").get("generation").intValue()).isEqualTo(2);
    }
}
