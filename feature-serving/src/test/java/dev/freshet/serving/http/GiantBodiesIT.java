package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are larger than any memory, and what the server spends on them. */
class GiantBodiesIT {
    private static final String POST = "POST /v1/users/features HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    private static final int PIECE = 1 << 16;
    /** A gigabyte of them. */
    private static final int MOST_PIECES = 1 << 14;
    /** Less than it takes to keep what is read over of a body that is too large, which is a mebibyte. */
    private static final long MOST_ALLOCATED = 2 << 20;

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

    /** Sends until the server has enough of it; returns how many pieces that took. */
    private static int sendUntilClosed(String head, String piece) throws IOException {
        try (RawConnection connection = new RawConnection(server.port())) {
            connection.send(head);
            int sent = 0;
            while (sent < MOST_PIECES && !connection.hasReply() && connection.trySend(piece)) {
                sent++;
            }
            String all = connection.readAll();
            // A reply that is on its way when what was sent behind it arrives can be lost.
            assertThat(RawConnection.status(all)).as(all).isIn(413, 0);
            assertThat(all.indexOf("HTTP/1.1 ", 1)).as(all).isNegative();
            return sent;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked", "Content-Length: 1073741824"})
    void theHeapDoesNotGrowWithABody(String length) throws Exception {
        String head = POST + length + "\r\n\r\n";
        String spaces = " ".repeat(PIECE);
        String piece = length.startsWith("T") ? "10000\r\n" + spaces + "\r\n" : spaces;
        sendUntilClosed(head, piece);
        long before = JvmUse.allocatedByServing();

        int sent = sendUntilClosed(head, piece);

        assertThat(JvmUse.allocatedByServing() - before).as("allocated bytes").isLessThan(MOST_ALLOCATED);
        assertThat(sent).as("pieces of 64 KiB").isLessThan(MOST_PIECES / 64);
        assertThat(server.post("/v1/users/features", "{\"users\": []}").status())
                .isEqualTo(200);
    }

    @Test
    void whatIsReadOverIsNotKept() throws Exception {
        String body = " ".repeat(1_000_000);
        assertThat(server.post("/v1/users/features", body).status()).isEqualTo(413);
        long before = JvmUse.allocatedByServing();

        assertThat(server.post("/v1/users/features", body).status()).isEqualTo(413);

        assertThat(JvmUse.allocatedByServing() - before).as("allocated bytes").isLessThan(MOST_ALLOCATED);
    }

    @Test
    void aBodyThatEndsBeforeItsLengthIsRefused() throws Exception {
        try (RawConnection connection = new RawConnection(server.port())) {
            String all = connection
                    .send(POST + "Content-Length: 100\r\n\r\n{\"users\": [1]}")
                    .endOutput()
                    .readAll();
            assertThat(RawConnection.status(all)).as(all).isEqualTo(400);
            assertThat(all).contains("\"code\":\"BAD_REQUEST\"").doesNotContain("Exception", "EOF");
        }
    }
}
