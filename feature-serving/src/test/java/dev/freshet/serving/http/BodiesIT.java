package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.serving.http.RunningServer.Reply;

/** Bodies that are no request. */
class BodiesIT {
    private static final String PATH = "/v1/users/features";
    private static ServedTarget target;
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        target = ServedTarget.live();
        server = new RunningServer(target.config());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        target.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"users\": [1]",
                "{\"users\": [1]} {}",
                "[1]",
                "null",
                "users=1",
                "{'users': [1]}",
                "{\"users\": [1], \"users\": [2]}",
                "{\"users\": null}",
                "{\"users\": [null]}",
                "{\"users\": [1.5]}",
                "{\"users\": [1e3]}",
                "{\"users\": [9223372036854775808]}",
                "{\"users\": [true]}",
                "{\"users\": [[1]]}",
                "{\"users\": [\"1;DROP\"]}",
                "{\"users\": \"1\"}",
                "{\"user\": [1]}",
                "{}",
                "{\"users\": [1], \"features\": [\"*\"]}",
                "{\"users\": [1], \"features\": [\"order_count_7d\", \"order_count_7d\"]}",
                "{\"users\": [1], \"features\": [7]}",
                "{\"users\": [1], \"max_age_ms\": -1}",
                "{\"users\": [1], \"max_age_ms\": 1.5}",
                "{\"users\": [1], \"min_lsn\": \"0-1\"}",
                "{\"users\": [1], \"min_lsn\": \"0/123456789\"}",
                "{\"users\": [1], \"stale\": \"no\"}",
                "{\"users\": [1], \"generation\": \"one\"}"
            })
    void whatIsNotUnderstoodIsRefused(String body) throws Exception {
        Reply reply = server.post(PATH, body);

        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.json().get("code").textValue()).isEqualTo("BAD_REQUEST");
        assertThat(reply.json().get("message").textValue()).doesNotContain("com.fasterxml", "Exception");
    }

    @Test
    void whatNestsTooDeeplyIsRefusedAlsoWhereItIsReadOver() throws Exception {
        String request = "{\"feature_service\": \"user_features\", \"entities\": {\"user_id\": []}, \"other\": ";

        assertThat(server.post("/get-online-features", request + "[[1]]}").status())
                .isEqualTo(200);
        assertThat(server.post("/get-online-features", request + "[".repeat(50_000) + "]".repeat(50_000) + "}")
                        .status())
                .isEqualTo(400);
        assertThat(server.post("/get-online-features", request + "[".repeat(100_000))
                        .status())
                .isEqualTo(400);
        assertThat(server.post(PATH, "{\"users\": " + "[".repeat(100_000)).status())
                .isEqualTo(400);
        assertThat(server.post(PATH, "{\"users\":".repeat(10_000)).status()).isEqualTo(400);
    }

    @Test
    void asMuchAsIsAllowedIsReadAndAByteMoreIsNot() throws Exception {
        String users = "{\"users\": []";
        String full = users + " ".repeat(Body.MOST_BYTES - users.length() - 1) + "}";

        assertThat(server.post(PATH, full).status()).isEqualTo(200);
        assertThat(server.post(PATH, full + " ").status()).isEqualTo(413);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json|200",
                "application/json; charset=UTF-8|200",
                "Application/JSON|200",
                "application/json; charset=latin1|415",
                "text/plain|415",
                "application/x-www-form-urlencoded|415",
                "application/jsonp|415"
            })
    void onlyJsonIsRead(String type, int status) throws Exception {
        assertThat(server.post(PATH, "{\"users\": []}", "Content-Type", type).status())
                .isEqualTo(status);
    }

    @Test
    void anIdOfTenKilobytesIsRefused() throws Exception {
        assertThat(server.post(PATH, "{\"users\": [" + "1".repeat(10_240) + "]}")
                        .status())
                .isEqualTo(400);
        assertThat(server.post(PATH, "{\"users\": [\"" + "1".repeat(10_240) + "\"]}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void compressedBodiesAreRefused() throws Exception {
        byte[] gzip = gzip("{\"users\": []}");
        try (RawConnection connection = new RawConnection(server.port())) {
            String reply = connection
                    .send("POST " + PATH + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                            + "Content-Encoding: gzip\r\nContent-Length: " + gzip.length + "\r\n\r\n"
                            + new String(gzip, StandardCharsets.ISO_8859_1))
                    .readReply();
            assertThat(RawConnection.status(reply)).isEqualTo(415);
        }
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void theServerGoesOnServingAfterAllOfThese() throws Exception {
        assertThat(server.get("/health").text()).isEqualTo("{\"alive\":true}");
        assertThat(server.post(PATH, "{\"users\": []}").status()).isEqualTo(200);
    }
}
