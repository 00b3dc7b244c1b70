package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Clients that do not stay until the end. */
class LeavingClientsIT {
    private static final int MOST_CONNECTIONS = 20;
    private static final int USERS = 1_000;
    private static final String POST = "POST /v1/users/features HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ";

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private ServedTarget target;
    private RunningServer server;

    @BeforeEach
    void start() throws Exception {
        target = ServedTarget.live();
        target.run("INSERT INTO user_features_g1 SELECT id, 1, 2, 12.5000, '2026-11-20', now(), NULL, false, 7"
                + " FROM generate_series(1, " + USERS + ") AS id");
        server = new RunningServer(
                target.config("serving.max.connections", Integer.toString(MOST_CONNECTIONS), "serving.pool.size", "4"));
        log.start();
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(log);
    }

    @AfterEach
    void stop() throws Exception {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(log);
        server.close();
        target.close();
    }

    private static String largest() {
        String body = IntStream.rangeClosed(1, USERS)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(",", "{\"users\": [", "]}"));
        return POST + body.length() + "\r\n\r\n" + body;
    }

    /** Each of its connections would be missing if those who left had kept one. */
    private void assertAllOfItIsFree() throws Exception {
        List<RawConnection> all = new ArrayList<>();
        try {
            for (int i = 0; i < MOST_CONNECTIONS; i++) {
                RawConnection one = new RawConnection(server.port(), Duration.ofSeconds(20));
                all.add(one);
                String reply = one.send("GET /v1/users/1/features HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                        .readReply();
                assertThat(RawConnection.status(reply)).as(reply).isEqualTo(200);
            }
        } finally {
            for (RawConnection one : all) {
                one.close();
            }
        }
        await("no connection to the target is held").until(() -> server.gauge("freshet.serving.pool.used") == 0);
    }

    private void assertNothingIsTakenForAFault() {
        // Other threads go on writing to it.
        synchronized (log) {
            assertThat(log.list)
                    .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .isEmpty();
        }
    }

    @Test
    void whoLeavesInTheMiddleOfAReplyLeavesNothingBehind() throws Exception {
        String request = largest();
        List<RawConnection> leaving = new ArrayList<>();
        for (int i = 0; i < MOST_CONNECTIONS; i++) {
            leaving.add(RawConnection.withLittleRoom(server.port()).send(request));
        }
        for (RawConnection one : leaving) {
            await("its reply has begun").atMost(Duration.ofSeconds(20)).until(one::hasReply);
        }
        for (RawConnection one : leaving) {
            one.leave();
        }

        assertAllOfItIsFree();
        assertNothingIsTakenForAFault();
    }

    @Test
    void whoLeavesInTheMiddleOfARequestLeavesNothingBehind() throws Exception {
        String request = largest();
        for (int length : new int[] {10, POST.length(), POST.length() + 8, request.length() / 2, request.length()}) {
            for (int i = 0; i < MOST_CONNECTIONS / 2; i++) {
                new RawConnection(server.port())
                        .send(request.substring(0, length))
                        .leave();
            }
        }

        assertAllOfItIsFree();
        assertNothingIsTakenForAFault();
    }

    /** Who takes no reply is given up in any case, as {@link SlowClientsIT} shows; here there is no room for anybody else. */
    @Test
    void whereThereIsNoRoomWhoDoesNotReadItsReplyMakesItForOthers() throws Exception {
        String request = largest().repeat(8);
        List<RawConnection> silent = new ArrayList<>();
        try {
            for (int i = 0; i < MOST_CONNECTIONS; i++) {
                silent.add(RawConnection.withLittleRoom(server.port()).send(request));
            }
            assertAllOfItIsFree();
        } finally {
            for (RawConnection one : silent) {
                one.close();
            }
        }
    }
}
