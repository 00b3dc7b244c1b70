package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Clients that take their time, and too many of them. Each test waits for a limit to pass, on a server of its own. */
class SlowClientsIT {
    private static final Duration LONGEST = Duration.ofSeconds(25);
    private ServedTarget target;
    private RunningServer server;

    @BeforeEach
    void start() throws Exception {
        target = ServedTarget.live();
        target.row(1);
        server = new RunningServer(target.config("serving.max.connections", "20"));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        target.close();
    }

    /** A byte every 200 ms, so that the connection is never idle. */
    private static void assertGivenUp(RawConnection connection, String drop) throws IOException {
        await("the drip is given up")
                .pollInterval(Duration.ofMillis(200))
                .atMost(LONGEST)
                .until(() -> !connection.trySend(drop) || connection.hasReply());
        assertThat(connection.readAll()).startsWith("HTTP/1.1 408 ").contains("REQUEST_TIMEOUT");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void headersThatDripAreGivenUp() throws Exception {
        try (RawConnection connection = new RawConnection(server.port())) {
            connection.send("GET /v1/users/1/features HTTP/1.1\r\nHost: 127.0.0.1\r\nA: ");
            assertGivenUp(connection, "a");
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void headersThatDripOnAConnectionThatWasUsedBeforeAreGivenUp() throws Exception {
        try (RawConnection connection = new RawConnection(server.port())) {
            connection.send("GET /v1/users/1/features HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            assertThat(RawConnection.status(connection.readReply())).isEqualTo(200);
            assertGivenUp(connection, "G");
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aBodyThatDripsIsGivenUp() throws Exception {
        try (RawConnection connection = new RawConnection(server.port())) {
            connection.send("POST /v1/users/features HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10000\r\n\r\n{");
            assertGivenUp(connection, " ");
        }
        assertThat(server.get("/v1/users/1/features").status()).isEqualTo(200);
    }

    /** Though there is room for others, which is what shortens the patience in {@link LeavingClientsIT}. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aReplyThatIsNotTakenIsGivenUp() throws Exception {
        target.run("INSERT INTO user_features_g1 SELECT n, 1, 2, 12.5, '2026-11-20', now(), NULL, false, 7"
                + " FROM generate_series(1000, 1999) n");
        String users = IntStream.range(1_000, 2_000).mapToObj(Integer::toString).collect(Collectors.joining(","));
        String body = "{\"users\":[" + users + "]}";
        String request = "POST /v1/users/features HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
        try (RawConnection connection = RawConnection.withLittleRoom(server.port())) {
            // More replies than the buffers of both sides hold.
            connection.send(request.repeat(16));
            await("it is given up")
                    .pollInterval(Duration.ofMillis(200))
                    .atMost(LONGEST)
                    .until(() -> !connection.trySend("\n"));
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aWaitThatIsLongerThanAConnectionMayBeSilentIsNoDrip() throws Exception {
        server.close();
        server = new RunningServer(target.config("serving.max.wait.ms", "33000"));
        try (RawConnection connection = new RawConnection(server.port())) {
            connection.send("GET /v1/users/1/features?min_lsn=1/0 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            assertThat(RawConnection.status(connection.readReply())).isEqualTo(412);
        }
    }

    /** Told to go on with its body, it has taken something, but of no reply. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aWaitBehindABodyThatWasAskedForIsNoReplyThatIsNotTaken() throws Exception {
        server.close();
        server = new RunningServer(target.config("serving.max.wait.ms", "15000"));
        String body = "{\"users\":[1],\"min_lsn\":\"1/0\"}";
        try (RawConnection connection = new RawConnection(server.port())) {
            connection.send(
                    "POST /v1/users/features HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: "
                            + body.length() + "\r\n\r\n");
            assertThat(RawConnection.status(connection.readReply())).isEqualTo(100);
            connection.send(body);
            assertThat(RawConnection.status(connection.readReply())).isEqualTo(412);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void moreConnectionsThanAllowedWaitUntilOneIsGone() throws Exception {
        List<RawConnection> open = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                open.add(new RawConnection(server.port()).send("GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
                assertThat(RawConnection.status(open.get(i).readReply())).isEqualTo(200);
            }
            RawConnection further = new RawConnection(server.port());
            open.add(further);
            further.send("GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            await("it is not answered").during(Duration.ofSeconds(1)).until(() -> !further.hasReply());
            open.get(0).close();
            assertThat(RawConnection.status(further.readReply())).isEqualTo(200);
        } finally {
            for (RawConnection connection : open) {
                connection.close();
            }
        }
    }
}
