package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.config.IdType;
import dev.freshet.serving.http.RunningServer.Reply;
import dev.freshet.testkit.faults.Fault;
import dev.freshet.testkit.faults.FaultProxy;

/** The target or the source is away, or not ready. */
class OutageIT {
    private static final String PATH = "/v1/users/1/features";
    private static final String REQUEST = "GET " + PATH + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    private ServedTarget target;

    @BeforeEach
    void createTarget() throws Exception {
        target = ServedTarget.live();
        target.row(1);
    }

    @AfterEach
    void closeTarget() throws Exception {
        target.close();
    }

    private FaultProxy link() {
        URI server = URI.create(target.database().jdbcUrl().substring("jdbc:".length()));
        return FaultProxy.to("127.0.0.1", server.getPort());
    }

    private String url(FaultProxy link) {
        URI server = URI.create(target.database().jdbcUrl().substring("jdbc:".length()));
        return target.database().jdbcUrl().replace(":" + server.getPort() + "/", ":" + link.port() + "/");
    }

    @Test
    void whileTheTargetIsAwayLookupsAreRefusedAndItIsNotReadyUntilItIsBack() throws Exception {
        try (FaultProxy link = link();
                RunningServer server =
                        new RunningServer(target.configAt(target.database().jdbcUrl(), url(link)))) {
            await("ready")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> server.get("/ready").status() == 200);
            assertThat(server.get(PATH).status()).isEqualTo(200);

            link.begin(new Fault.Reset());

            Reply reply = server.get(PATH);
            assertThat(reply.status()).as(reply.text()).isEqualTo(503);
            assertThat(reply.json().get("code").textValue()).isEqualTo("TARGET_UNREACHABLE");
            assertThat(reply.header("Retry-After")).isEqualTo("1");
            assertThat(reply.text()).doesNotContain("Exception", "org.postgresql");
            await("not ready")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> server.get("/ready").text().contains("TARGET_UNREACHABLE"));
            assertThat(server.get("/health").status()).isEqualTo(200);
            assertThat(server.service().monitored().reasons())
                    .extracting(reason -> reason.code().name())
                    .containsExactly("TARGET_UNREACHABLE");

            link.heal();

            await("answered again")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> server.get(PATH).status() == 200);
            await("ready again")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> server.get("/ready").status() == 200);
        }
    }

    /** Nobody asks for a user. */
    @Test
    void theAgeOfTheTableIsMeasuredWithoutALookup() throws Exception {
        target.completeThrough(1, "0/11", "now() - interval '1 hour'");
        try (RunningServer server = new RunningServer(target.config())) {
            await("how far it is behind")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> server.gauge("freshet.serving.age") >= 3_600);

            target.completeThrough(1, "0/12", "now()");

            await("that it is no more")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> server.gauge("freshet.serving.age") < 3_600);
        }
    }

    @Test
    void itStartsWithoutATargetThatIsThere() throws Exception {
        try (FaultProxy link = link()) {
            link.begin(new Fault.Reset());
            try (RunningServer server =
                    new RunningServer(target.configAt(target.database().jdbcUrl(), url(link)))) {
                assertThat(server.get(PATH).status()).isEqualTo(503);
                link.heal();
                await("answered")
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> server.get(PATH).status() == 200);
            }
        }
    }

    @Test
    void withoutASourceAgesAreToldByTheTargetsClock() throws Exception {
        try (FaultProxy link = link()) {
            link.begin(new Fault.Reset());
            target.completeThrough(1, "0/20", "clock_timestamp() - interval '5 s'");
            try (RunningServer server = new RunningServer(
                    target.configAt(url(link), target.database().jdbcUrl()))) {
                Reply reply = server.get(PATH);
                assertThat(reply.status()).isEqualTo(200);
                assertThat(reply.json().get("age_clock").textValue()).isEqualTo("target");
                assertThat(reply.json().get("age_ms").longValue()).isBetween(5_000L, 20_000L);

                link.heal();

                await("the source's clock")
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> server.get(PATH).text().contains("\"age_clock\":\"source\""));
            }
        }
    }

    @Test
    void beforeAGenerationIsLiveNothingIsServed() throws Exception {
        try (ServedTarget empty = new ServedTarget(IdType.BIGINT);
                RunningServer server = new RunningServer(empty.config())) {
            assertThat(server.get(PATH).json().get("code").textValue()).isEqualTo("NOT_LIVE");
            empty.createTables(1);
            assertThat(server.get(PATH).json().get("code").textValue()).isEqualTo("NOT_LIVE");
            await("not ready").until(() -> server.get("/ready").text().contains("BUILDING"));
            empty.completeThrough(1, "0/10", "now()");
            empty.activate(1);
            assertThat(server.get(PATH).status()).isEqualTo(404);
        }
    }

    /** Without a limit it would wait as long for a connection as they do, behind them. */
    @Test
    void whoFindsAllRoomTakenIsSentAwayBeforeAnyOfThoseWhoTookIt() throws Exception {
        try (FaultProxy link = link();
                RunningServer server = new RunningServer(
                        target.configAt(target.database().jdbcUrl(), url(link), "serving.pool.size", "1"))) {
            assertThat(server.get(PATH).status()).isEqualTo(200);
            assertThat(server.get("/health").status()).isEqualTo(200);
            link.begin(new Fault.Blackhole());
            List<RawConnection> room = new ArrayList<>();
            try {
                for (int i = 0; i < Answers.CALLERS_PER_CONNECTION; i++) {
                    room.add(new RawConnection(server.port()).send(REQUEST));
                }
                await("all room is taken")
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> lookupsUnderWay() == Answers.CALLERS_PER_CONNECTION);

                Reply further = server.get(PATH);
                Reply health = server.get("/health");

                for (RawConnection one : room) {
                    assertThat(one.hasReply()).as("one of them is answered").isFalse();
                }
                assertThat(health.status()).isEqualTo(200);
                assertThat(further.status()).isEqualTo(503);
                assertThat(further.json().get("code").textValue()).isEqualTo("BUSY");
                assertThat(further.json().get("message").textValue())
                        .isEqualTo("more is asked for than the connections to the target can take: ask again");
                assertThat(further.header("Retry-After")).isEqualTo("1");
                link.heal();
                for (RawConnection one : room) {
                    assertThat(RawConnection.status(one.readReply())).isIn(200, 503);
                }
            } finally {
                for (RawConnection one : room) {
                    one.close();
                }
            }
            await("there is room again")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> server.get(PATH).status() == 200);
        }
    }

    /** Those of requests; the one that asks whether the target is there is none of them. */
    private static long lookupsUnderWay() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> Arrays.stream(stack)
                        .anyMatch(frame -> frame.getClassName().equals(Answers.class.getName())))
                .count();
    }
}
