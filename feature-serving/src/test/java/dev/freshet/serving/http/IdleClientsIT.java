package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.config.FreshetConfig;

/** Far more clients than may be connected at once. */
class IdleClientsIT {
    private static final String LOOKUP = "GET /v1/users/1/features HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    private static final int MOST_CLIENTS = 10_000;
    /** For whatever else this JVM opens meanwhile. */
    private static final int SPARE_FILES = 500;
    /** Those of the pool, which are there for lookups. */
    private static final int MOST_THREADS = 200;

    /** Bytes of the heap, about twice what one takes. */
    private static final int MOST_OF_A_CONNECTION = 8 * 1_024;

    private static boolean isAnswered(RawConnection client) throws IOException {
        return RawConnection.status(client.send(LOOKUP).readReply()) == 200;
    }

    /** As any client does, it tries again when nobody answers. */
    private static boolean isNewcomerAnswered(int port) {
        try (RawConnection newcomer = new RawConnection(port, Duration.ofSeconds(1))) {
            return isAnswered(newcomer);
        } catch (IOException e) {
            return false;
        }
    }

    /** Each that is let in takes a file more, as the server is in this JVM. */
    private static int mostClients(int limit) {
        return (int) Math.min(MOST_CLIENTS, JvmUse.filesThatMayBeOpenedYet() - limit - SPARE_FILES);
    }

    @Test
    void idleClientsTakeNoMoreThanTheLimitAndAreClosedAndLookupsGoOn() throws Exception {
        try (ServedTarget target = ServedTarget.live()) {
            target.row(1);
            FreshetConfig config = target.config();
            int limit = config.serving().maxConnections();
            int count = mostClients(limit);
            assumeThat(count).as("clients that this JVM may open").isGreaterThan(2 * limit);
            System.out.println("idle clients: " + count + ", connections that may be open: " + limit);
            try (RunningServer server = new RunningServer(config);
                    RawConnection atWork = new RawConnection(server.port());
                    IdleClients idle = new IdleClients(count)) {
                assertThat(isAnswered(atWork)).isTrue();
                long files = JvmUse.openFiles();
                long heap = JvmUse.heap();

                idle.connect(server.port());
                await("all that may be are connected")
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> isAnswered(atWork) && idle.connected() >= limit - 1);

                assertThat(JvmUse.openFiles() - files).as("files").isLessThan(limit + SPARE_FILES);
                assertThat(JvmUse.servingThreads()).as("threads").isLessThan(MOST_THREADS);
                assertThat(JvmUse.heap() - heap).as("heap").isLessThan((long) limit * MOST_OF_A_CONNECTION);

                await("those that were let in are closed")
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> isAnswered(atWork) && idle.connected() > 0 && idle.closed() >= limit - 1);
                await("somebody new is answered")
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> isAnswered(atWork) && isNewcomerAnswered(server.port()));
                assertThat(idle.turnedAway())
                        .as("connections that were refused")
                        .isZero();
            }
        }
    }
}
