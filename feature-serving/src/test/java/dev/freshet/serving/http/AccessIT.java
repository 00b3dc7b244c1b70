package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import dev.freshet.schemas.Id;
import dev.freshet.serving.auth.NewToken;
import dev.freshet.serving.auth.Scope;
import dev.freshet.serving.explain.Explanation;
import dev.freshet.serving.explain.ExplanationJson;
import dev.freshet.serving.explain.SourceSide;
import dev.freshet.serving.explain.Verdict;
import dev.freshet.serving.http.RunningServer.Reply;

/** Who may ask for what. */
class AccessIT {
    private static final NewToken READ = NewToken.make(Scope.READ, "recommender");
    private static final NewToken ADMIN = NewToken.make(Scope.ADMIN, "");
    private static final NewToken EXPIRED = NewToken.make(Scope.ADMIN, "", Instant.parse("2020-01-01T00:00:00Z"));
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();

    @TempDir
    static Path directory;

    private static ServedTarget target;
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        Path tokens = directory.resolve("tokens");
        Files.writeString(
                tokens, "# who may ask\n\n" + READ.line() + "\n" + ADMIN.line() + "\n" + EXPIRED.line() + "\n");
        target = ServedTarget.live();
        target.row(1);
        server = new RunningServer(
                target.config("serving.tokens.file", tokens.toString()),
                (user, at) -> Optional.of(explained(user, at)));
        LOG.start();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(LOG);
    }

    /** Of a user without orders. */
    private static byte[] explained(Id user, Instant at) {
        Instant then = at == null ? NOW : at;
        Explanation explanation = new Explanation(
                user.toString(),
                then,
                new Explanation.Table(NOW, null),
                new SourceSide(true, NOW, List.of(), 0, new SourceSide.Rest(0, 0, null, 0, 0)),
                List.of(),
                new Explanation.Conclusion(Verdict.AGREES, List.of()));
        return ExplanationJson.render(explanation).toString().getBytes(StandardCharsets.UTF_8);
    }

    @AfterAll
    static void stop() throws Exception {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(LOG);
        server.close();
        target.close();
    }

    static Stream<List<String>> headersOfNobody() {
        return Stream.of(
                List.of(),
                List.of("Authorization", ""),
                List.of("Authorization", "Bearer"),
                List.of("Authorization", "Bearer "),
                List.of("Authorization", "Bearer wrong"),
                List.of("Authorization", "Bearer " + READ.token() + "x"),
                List.of("Authorization", "Bearer " + READ.token().toLowerCase(Locale.ROOT)),
                List.of("Authorization", "Bearer " + EXPIRED.token()),
                List.of("Authorization", READ.token()),
                List.of("Authorization", "Basic " + READ.token()),
                List.of("Authorization", "Bearer " + "a".repeat(8_000)),
                List.of("Authorization", "Bearer " + READ.token(), "Authorization", "Bearer " + READ.token()));
    }

    @ParameterizedTest
    @MethodSource("headersOfNobody")
    void whoHasNoTokenIsToldTheSameWhateverIsWrong(List<String> headers) throws Exception {
        List<String> all = new ArrayList<>(headers);
        Reply reply = server.get("/v1/users/1/features", all.toArray(String[]::new));

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.text().replace(reply.header("X-Request-Id"), "ID"))
                .isEqualTo("{\"code\":\"UNAUTHORIZED\",\"message\":\"send a token that this server knows:"
                        + " Authorization: Bearer TOKEN\",\"request_id\":\"ID\"}");
        assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"freshet\"");
    }

    @Test
    void aTokenThatIsLongerThanAllHeadersMayBeIsRefusedAsThose() throws Exception {
        assertThat(server.get("/v1/users/1/features", "Authorization", "Bearer " + "a".repeat(8_192))
                        .status())
                .isEqualTo(431);
    }

    @Test
    void capitalsCountAlsoOnAConnectionThatSentTheTokenBefore() throws Exception {
        String right = "GET /v1/users/1/features HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + READ.token()
                + "\r\n\r\n";
        String wrong = right.replace(READ.token(), READ.token().toLowerCase(Locale.ROOT));
        try (RawConnection connection = new RawConnection(server.port())) {
            for (int i = 0; i < 2; i++) {
                assertThat(RawConnection.status(connection.send(right).readReply()))
                        .isEqualTo(200);
                assertThat(RawConnection.status(connection.send(wrong).readReply()))
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void aTokenInTheQueryIsNone() throws Exception {
        for (String name : List.of("token", "access_token", "Authorization")) {
            assertThat(server.get("/v1/users/1/features?" + name + "=" + READ.token())
                            .status())
                    .isEqualTo(401);
            assertThat(server.get(
                                    "/v1/users/1/features?" + name + "=" + READ.token(),
                                    "Authorization",
                                    "Bearer " + READ.token())
                            .status())
                    .isEqualTo(400);
        }
    }

    @AfterEach
    void noTokenIsLogged() {
        // Other threads go on writing to it.
        synchronized (LOG) {
            assertThat(LOG.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .noneMatch(line -> Stream.of(READ, ADMIN, EXPIRED).anyMatch(token -> line.toLowerCase(Locale.ROOT)
                            .contains(token.token().toLowerCase(Locale.ROOT))))
                    .noneMatch(line -> line.contains("a".repeat(100)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/users/1/features", "/openapi.json", "/nothing", "/v1/users/1/explain"})
    void nothingIsServedWithoutAToken(String path) throws Exception {
        assertThat(server.get(path).status()).isEqualTo(401);
        assertThat(server.post(path, "{}").status()).isEqualTo(401);
    }

    @Test
    void healthAndReadinessAreForEverybody() throws Exception {
        assertThat(server.get("/health").status()).isEqualTo(200);
        assertThat(server.get("/ready").status()).isIn(200, 503);
    }

    @Test
    void aReaderReadsAndIsRefusedWhatIsForAdministrators() throws Exception {
        String bearer = "Bearer " + READ.token();
        assertThat(server.get("/v1/users/1/features", "Authorization", bearer).status())
                .isEqualTo(200);
        assertThat(server.get("/openapi.json", "authorization", "bearer " + READ.token())
                        .status())
                .isEqualTo(200);

        Reply refused = server.get("/v1/users/1/explain", "Authorization", bearer);

        assertThat(refused.status()).isEqualTo(403);
        assertThat(LOG.list)
                .filteredOn(event -> event.getLoggerName().equals("dev.freshet.serving.audit"))
                .extracting(ILoggingEvent::getFormattedMessage)
                .anySatisfy(line -> assertThat(line)
                        .contains("recommender", "scope=read", "route=explain", refused.header("X-Request-Id"))
                        .doesNotContain(READ.token()));
    }

    @Test
    void anAdministratorReadsAndExplains() throws Exception {
        String bearer = "Bearer " + ADMIN.token();
        assertThat(server.get("/v1/users/1/features", "Authorization", bearer).status())
                .isEqualTo(200);
        assertThat(server.get("/v1/users/1/explain", "Authorization", bearer).text())
                .contains("\"user\":\"1\",\"at\":\"" + NOW + "\"");
        assertThat(server.get("/v1/users/1/explain?at=2026-11-21T12:00:00Z", "Authorization", bearer)
                        .text())
                .contains("2026-11-21T12:00:00Z");
        assertThat(server.get("/v1/users/1/explain?at=yesterday", "Authorization", bearer)
                        .status())
                .isEqualTo(400);
    }
}
