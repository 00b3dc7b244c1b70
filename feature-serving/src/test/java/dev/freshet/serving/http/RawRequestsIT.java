package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no client library sends. */
class RawRequestsIT {
    private static final String HOST = "Host: 127.0.0.1\r\n";
    private static final String POST = "POST /v1/users/features HTTP/1.1\r\n" + HOST;
    private static final String NEXT = "GET /health HTTP/1.1\r\n" + HOST + "\r\n";
    private static ServedTarget target;
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        target = ServedTarget.live();
        target.row(1);
        server = new RunningServer(target.config());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        target.close();
    }

    private static String reply(String request) throws IOException {
        try (RawConnection connection = new RawConnection(server.port())) {
            return connection.send(request).readReply();
        }
    }

    private static void assertRefused(String request, int status) throws IOException {
        String reply = reply(request);
        assertThat(RawConnection.status(reply)).as(reply).isEqualTo(status);
        assertThat(reply)
                .contains("\"code\":\"", "\"message\":\"", "\"request_id\":\"", "X-Request-Id: ")
                .doesNotContain("org.eclipse", "dev.freshet", "Exception");
    }

    /** A reply to what was smuggled in behind would be a second one. */
    private static void assertRefusedAndClosed(String request, int status) throws IOException {
        try (RawConnection connection = new RawConnection(server.port())) {
            String all = connection.send(request).readAll();
            assertThat(RawConnection.status(all)).as(all).isEqualTo(status);
            assertThat(all.indexOf("HTTP/1.1 ", 1)).as(all).isNegative();
        }
    }

    @Test
    void aRequestWithTwoLengthsIsRefusedAndWhatFollowsIsNotRead() throws IOException {
        assertRefusedAndClosed(POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + NEXT, 400);
        assertRefusedAndClosed(POST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef" + NEXT, 400);
        assertRefusedAndClosed(POST + "Content-Length: +5\r\n\r\nabcde" + NEXT, 400);
        assertRefusedAndClosed(POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + NEXT, 400);
    }

    @Test
    void chunksWhoseLengthIsNoneAreRefusedAndWhatFollowsIsNotRead() throws IOException {
        String chunked = POST + "Transfer-Encoding: chunked\r\n\r\n";
        assertRefusedAndClosed(chunked + "-1\r\n" + NEXT, 400);
        assertRefusedAndClosed(chunked + "xyz\r\n" + NEXT, 400);
        assertRefusedAndClosed(chunked + "FFFFFFFFFFFFFFFFF\r\n" + NEXT, 400);
    }

    /** The form that proxies are sent; whose name is in it counts as that of the header Host does. */
    @Test
    void aWholeAddressInPlaceOfAPathIsAnsweredAsThePathIs() throws IOException {
        assertThat(RawConnection.status(reply("GET http://127.0.0.1/v1/users/1/features HTTP/1.1\r\n" + HOST + "\r\n")))
                .isEqualTo(200);
        assertRefused("GET http://evil.example/v1/users/1/features HTTP/1.1\r\nHost: evil.example\r\n\r\n", 400);
        assertRefused("GET http://evil.example/v1/users/1/features HTTP/1.1\r\n" + HOST + "\r\n", 400);
        assertRefused("GET http://127.0.0.1/v1/users/1/features HTTP/1.1\r\nHost: evil.example\r\n\r\n", 400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /health HTTP/1.1~~|400",
                "GET /health HTTP/1.1~Host: a~Host: b~~|400",
                "GET /health HTTP/1.1~Host:~~|400",
                "GET http://elsewhere/health HTTP/1.1~Host: 127.0.0.1~~|400",
                "GET /health HTTP/1.1~Host: 127.0.0.1~Bad Name: 1~~|400",
                "GET /health HTTP/1.1~Host: 127.0.0.1~ folded~~|400",
                "GET /health HTTP/1.1~Host: 127.0.0.1~X: a\u0000b~~|400",
                "GET /v1/users/%00/features HTTP/1.1~Host: 127.0.0.1~~|400",
                "GET /v1/users/%zz/features HTTP/1.1~Host: 127.0.0.1~~|400",
                "GET /v1/users/../users/1/features HTTP/1.1~Host: 127.0.0.1~~|404",
                "GET /v1/users/..%2f1/features HTTP/1.1~Host: 127.0.0.1~~|400",
                "GET /v1/users//features HTTP/1.1~Host: 127.0.0.1~~|400",
                "GET /v1/users/1/features?features=%ff%zz HTTP/1.1~Host: 127.0.0.1~~|400",
                "GET /v1/users/1;DROP/features HTTP/1.1~Host: 127.0.0.1~~|400",
                "GET /v1/users/1/features HTTP/1.1~Host: evil.example:6566~~|400",
                "GET /v1/users/1/features?token=secret HTTP/1.1~Host: 127.0.0.1~~|400",
                "TRACE /health HTTP/1.1~Host: 127.0.0.1~~|405",
                "OPTIONS * HTTP/1.1~Host: 127.0.0.1~~|405",
                "OPTIONS /v1/users/features HTTP/1.1~Host: 127.0.0.1~~|405",
                "CONNECT 127.0.0.1:80 HTTP/1.1~Host: 127.0.0.1:80~~|405",
                "GET /v1/users/features HTTP/1.1~Host: 127.0.0.1~~|405",
                "DELETE /v1/users/1/features HTTP/1.1~Host: 127.0.0.1~~|405",
                "GET / HTTP/1.1~Host: 127.0.0.1~~|404",
                "GET /v1/users/1 HTTP/1.1~Host: 127.0.0.1~~|404",
                "GET /v1/users/1/explain HTTP/1.1~Host: 127.0.0.1~~|404",
                "GET /health HTTP/1.1~Host: 127.0.0.1~Expect: miracles~~|400"
            })
    void whatIsMalformedIsRefusedInTheFormOfAllErrors(String request, int status) throws IOException {
        assertRefused(request.replace("~", "\r\n"), status);
    }

    @Test
    void whatIsRefusedForItsMethodIsToldWhichIsRight() throws IOException {
        assertThat(reply("OPTIONS /get-online-features HTTP/1.1\r\n" + HOST + "\r\n"))
                .contains("\r\nAllow: POST\r\n");
        assertThat(reply("TRACE /v1/users/1/features HTTP/1.1\r\n" + HOST + "\r\n"))
                .contains("\r\nAllow: GET, HEAD\r\n");
    }

    @Test
    void linesThatEndWithoutACarriageReturnAreRefused() throws IOException {
        assertThat(RawConnection.status(reply("GET /health HTTP/1.1\nHost: 127.0.0.1\n\n")))
                .isEqualTo(400);
    }

    @Test
    void thereIsNoVersionBefore1() throws IOException {
        assertThat(reply("GET /health\r\n\r\n")).doesNotContain("alive");
    }

    @Test
    void moreOrLongerHeadersThanAllowedAreRefused() throws IOException {
        assertRefused("GET /health HTTP/1.1\r\n" + HOST + "a:b\r\n".repeat(200) + "\r\n", 431);
        assertRefused("GET /health HTTP/1.1\r\n" + HOST + "a: " + "b".repeat(9_000) + "\r\n\r\n", 431);
        assertRefused("GET /v1/users/" + "1".repeat(10_240) + "/features HTTP/1.1\r\n" + HOST + "\r\n", 414);
    }

    @Test
    void aLengthAboveTheLimitIsRefusedBeforeTheBodyComes() throws IOException {
        assertRefused(POST + "Content-Length: 1073741824\r\n\r\n", 413);
    }

    @Test
    void chunksThatDoNotEndAreRefusedAtTheLimit() throws IOException {
        try (RawConnection connection = new RawConnection(server.port())) {
            connection.send(POST + "Transfer-Encoding: chunked\r\n\r\n");
            String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
            int sent = 0;
            while (!connection.hasReply() && sent++ < 1_000 && connection.trySend(chunk)) {
                assertThat(sent).as("chunks of 64 KiB").isLessThan(200);
            }
            assertThat(RawConnection.status(connection.readReply())).isEqualTo(413);
        }
    }

    @Test
    void aConnectionGoesOnAfterARefusalAndAfterPipelinedRequests() throws IOException {
        String lookup = "GET /v1/users/1/features HTTP/1.1\r\n" + HOST + "\r\n";
        try (RawConnection connection = new RawConnection(server.port())) {
            connection.send("GET /v1/users/x/features HTTP/1.1\r\n" + HOST + "\r\n" + lookup + lookup);
            assertThat(RawConnection.status(connection.readReply())).isEqualTo(400);
            assertThat(RawConnection.status(connection.readReply())).isEqualTo(200);
            assertThat(connection.readReply()).contains("\"user_id\":1");
        }
    }

    @Test
    void headHasNoBody() throws IOException {
        try (RawConnection connection = new RawConnection(server.port())) {
            String all = connection
                    .send("HEAD /v1/users/1/features HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n")
                    .readAll();
            assertThat(all).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
        }
    }
}
