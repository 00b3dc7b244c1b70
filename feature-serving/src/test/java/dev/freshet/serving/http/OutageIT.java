package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

    @Test
    void moreLookupsThanThereIsRoomForAreSentAwayAtOnce() throws Exception {
        try (RunningServer server = new RunningServer(target.config("serving.pool.size", "1"))) {
            assertThat(server.get(PATH).status()).isEqualTo(200);
            try (Connection blocker = target.database().connect()) {
                blocker.setAutoCommit(false);
                blocker.createStatement().execute("LOCK TABLE user_features_g1");
                List<CompletableFuture<Reply>> replies = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    replies.add(server.getLater(PATH));
                }
                int sentAway = 0;
                for (var reply : replies) {
                    Reply one = reply.get(20, TimeUnit.SECONDS);
                    assertThat(one.status()).isEqualTo(503);
                    sentAway += one.json().get("code").textValue().equals("BUSY") ? 1 : 0;
                }
                assertThat(sentAway).isGreaterThanOrEqualTo(20);
                assertThat(server.get("/health").status()).isEqualTo(200);
            }
            assertThat(server.get(PATH).status()).isEqualTo(200);
        }
    }
}
