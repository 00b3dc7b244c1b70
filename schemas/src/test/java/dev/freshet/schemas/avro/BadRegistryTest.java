package dev.freshet.schemas.avro;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.change.Change;

/** What answers under the registry's address is not one, or not today: an outage, never a dead letter nor a refusal. */
@Timeout(30)
class BadRegistryTest {
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final byte[] WRITTEN = {0, 0, 0, 0, 7, 2, 4, 0};

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server;

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answers(Answer answer) {
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            try (exchange) {
                answer.to(exchange);
            }
        });
    }

    private void answers(int status, byte[] body) {
        answers(exchange -> {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        });
    }

    private static RegistryAvro<Change> avro(int port) {
        return new RegistryAvro<>(
                RegistryClients.open("http://127.0.0.1:" + port, Map.of(), LIMIT),
                "changes-value",
                FreshetAvro.changes(Catalogue.standard()));
    }

    private void assertOutage() {
        assertOutage(server.getAddress().getPort());
    }

    private static void assertOutage(int port) {
        assertThatThrownBy(() -> avro(port).register()).isInstanceOf(RegistryUnavailableException.class);
        assertThatThrownBy(() -> avro(port).decode(WRITTEN))
                .isInstanceOf(RegistryUnavailableException.class)
                .isNotInstanceOf(UnknownSchemaException.class);
    }

    @Test
    void aPageOfHtml() {
        answers(200, "<html><body>Sign in</body></html>".getBytes(UTF_8));
        assertOutage();
    }

    @Test
    void aPageOfHtmlWithTheStatusOfARefusal() {
        for (int status : new int[] {404, 409, 422, 500, 503}) {
            if (status != 404) {
                server.removeContext("/");
            }
            answers(status, "<html><body>Not here</body></html>".getBytes(UTF_8));
            assertOutage();
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicInteger followed = new AtomicInteger();
        other.createContext("/", exchange -> {
            followed.incrementAndGet();
            exchange.close();
        });
        other.start();
        try {
            answers(exchange -> {
                exchange.getResponseHeaders()
                        .set(
                                "Location",
                                "http://localhost:" + other.getAddress().getPort() + "/");
                exchange.sendResponseHeaders(302, -1);
            });
            assertOutage();
            assertThat(requests).hasValue(2);
            assertThat(followed).hasValue(0);
        } finally {
            other.stop(0);
        }
    }

    /** Nothing of ours unzips. What is in there would be an answer, so that who does, and without a bound, is found out. */
    @Test
    void aGzipBomb() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bomb)) {
            byte[] spaces = " ".repeat(1 << 20).getBytes(UTF_8);
            for (int i = 0; i < 64; i++) {
                zip.write(spaces);
            }
            zip.write("{\"id\": 7, \"schema\": \"\\\"string\\\"\"}".getBytes(UTF_8));
        }
        answers(exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, bomb.size());
            exchange.getResponseBody().write(bomb.toByteArray());
        });
        assertOutage();
    }

    @Test
    void aBodyIsReadNoFurtherThanAMebibyte() {
        for (int status : new int[] {200, 500}) {
            if (status != 200) {
                server.removeContext("/");
            }
            AtomicInteger written = new AtomicInteger();
            answers(exchange -> {
                exchange.sendResponseHeaders(status, 0);
                OutputStream body = exchange.getResponseBody();
                body.write("{\"schema\": \"".getBytes(UTF_8));
                byte[] spaces = " ".repeat(1 << 16).getBytes(UTF_8);
                for (int i = 0; i < 4_096; i++) {
                    body.write(spaces);
                    written.addAndGet(spaces.length);
                }
            });
            assertThatThrownBy(() -> avro(server.getAddress().getPort()).decode(WRITTEN))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("more than 1048576 bytes");
            assertThat(written.get()).isLessThan(100 << 20);
        }
    }

    @Test
    void nothingWhereASchemaOrAnIdShouldBe() {
        for (String body :
                new String[] {"{}", "{\"schema\":\"\"}", "{\"schema\":null}", "null", "", "[]", "{\"schema\":\"{\"}"}) {
            if (requests.get() > 0) {
                server.removeContext("/");
            }
            answers(200, body.getBytes(UTF_8));
            assertOutage();
        }
    }

    @Test
    void anAnswerThatDripsIsGivenUpInItsBody() {
        answers(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (!Thread.currentThread().isInterrupted()) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        });
        assertOutage();
    }

    @Test
    void anAnswerThatDripsIsGivenUpInItsHeaders() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            threads.execute(() -> {
                while (!socket.isClosed()) {
                    try {
                        Socket client = socket.accept();
                        threads.execute(() -> drip(client));
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            assertOutage(socket.getLocalPort());
        }
    }

    private static void drip(Socket client) {
        try (client) {
            client.getOutputStream().write("HTTP/1.1 200 OK\r\nX: ".getBytes(UTF_8));
            while (!Thread.currentThread().isInterrupted()) {
                client.getOutputStream().write('x');
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        } catch (IOException e) {
            // the client has given up
        }
    }

    @Test
    void itsOwnAnswerThatThereIsNoSuchSchemaIsToldApart() {
        answers(404, "{\"error_code\":40403,\"message\":\"Schema 7 not found\"}".getBytes(UTF_8));
        assertThatThrownBy(() -> avro(server.getAddress().getPort()).decode(WRITTEN))
                .isInstanceOf(UnknownSchemaException.class);
    }

    @Test
    void itsOwnRefusalIsToldApart() {
        answers(409, "{\"error_code\":409,\"message\":\"incompatible\"}".getBytes(UTF_8));
        assertThatThrownBy(() -> avro(server.getAddress().getPort()).register())
                .isInstanceOf(IncompatibleSchemaException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "401, '{\"error_code\":401,\"message\":\"Unauthorized\"}'",
        "403, '{\"error_code\":40301,\"message\":\"Forbidden\"}'",
        "401, '<html>who are you</html>'"
    })
    void aLoginThatIsRefusedIsToldApart(int status, String body) {
        answers(status, body.getBytes(UTF_8));
        assertThatThrownBy(() -> avro(server.getAddress().getPort()).register())
                .isInstanceOf(RegistryLoginException.class)
                .hasMessageContaining(Integer.toString(status));
    }

    @Test
    void credentialsAndHeadersAreSent() {
        StringBuilder seen = new StringBuilder();
        answers(exchange -> {
            seen.append(exchange.getRequestHeaders().getFirst("Authorization"));
            seen.append(' ').append(exchange.getRequestHeaders().getFirst("Content-Type"));
            byte[] body = "{\"id\":9}".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        });
        RegistryAvro<Change> avro = new RegistryAvro<>(
                RegistryClients.open(
                        "http://127.0.0.1:" + server.getAddress().getPort(),
                        Map.of("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "me:secret")),
                "changes-value",
                FreshetAvro.changes(Catalogue.standard()));
        assertThat(avro.register()).isEqualTo(9);
        assertThat(seen).asString().startsWith("Basic bWU6c2VjcmV0 application/vnd.schemaregistry.v1+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ", ", " ,"})
    void aSecondAddressIsAskedWhenTheFirstIsDown(String between) {
        answers(200, "{\"id\":9}".getBytes(UTF_8));
        RegistryAvro<Change> avro = new RegistryAvro<>(
                RegistryClients.open(
                        "http://127.0.0.1:1" + between + "http://127.0.0.1:"
                                + server.getAddress().getPort(),
                        Map.of()),
                "changes-value",
                FreshetAvro.changes(Catalogue.standard()));
        assertThat(avro.register()).isEqualTo(9);
    }
}
