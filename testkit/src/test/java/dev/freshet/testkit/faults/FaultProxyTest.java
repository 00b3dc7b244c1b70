package dev.freshet.testkit.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers each byte with the same. */
class FaultProxyTest {
    private static final int SHORT_MILLIS = 300;

    private final AtomicLong heard = new AtomicLong();
    private ServerSocket server;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        FaultProxy.start(this::serve, "echo");
        proxy = FaultProxy.to("127.0.0.1", server.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                FaultProxy.start(() -> echo(socket), "echo");
            } catch (IOException e) {
                return;
            }
        }
    }

    private void echo(Socket socket) {
        try (socket) {
            for (int next = socket.getInputStream().read();
                    next >= 0;
                    next = socket.getInputStream().read()) {
                heard.incrementAndGet();
                socket.getOutputStream().write(next);
            }
        } catch (IOException e) {
            // The proxy has reset it, as it was told to.
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(5_000);
        return socket;
    }

    private static String ask(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readNBytes(text.length()), StandardCharsets.US_ASCII);
    }

    @Test
    void withoutAFaultBytesPassBothWaysAndSoDoesTheEnd() throws IOException {
        try (Socket socket = connect()) {
            assertThat(ask(socket, "hello")).isEqualTo("hello");
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        await("the connection's end").until(() -> proxy.connections() == 0);
    }

    @Test
    void latencyHoldsBackEachWay() throws IOException {
        try (Socket socket = connect()) {
            proxy.begin(new Fault.Latency(Duration.ofMillis(100)));
            long begun = System.nanoTime();
            assertThat(ask(socket, "h")).isEqualTo("h");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void aBlackholeTellsNothingAndNotEvenAnEnd() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, "hello");
            proxy.begin(new Fault.Blackhole());
            socket.setSoTimeout(SHORT_MILLIS);
            assertThatThrownBy(() -> ask(socket, "more")).isInstanceOf(SocketTimeoutException.class);
            assertThat(heard).hasValue(5);
        }
    }

    @Test
    void aBlackholeThatIsHealedResetsWhatHasLostBytesAndLetsNewConnectionsPass() throws IOException {
        try (Socket lost = connect();
                Socket silent = connect()) {
            ask(lost, "a");
            ask(silent, "a");
            proxy.begin(new Fault.Blackhole());
            lost.getOutputStream().write('b');
            lost.setSoTimeout(SHORT_MILLIS);
            assertThatThrownBy(() -> lost.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            proxy.heal();
            assertThatThrownBy(() -> lost.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThat(ask(silent, "c")).isEqualTo("c");
            try (Socket other = connect()) {
                assertThat(ask(other, "d")).isEqualTo("d");
            }
        }
    }

    @Test
    void aResetEndsWhatIsOpenAndWhatComes() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, "hello");
            proxy.begin(new Fault.Reset());
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThatThrownBy(() -> {
                    try (Socket socket = connect()) {
                        ask(socket, "hello");
                        throw new IOException("it had no answer and no reset");
                    }
                })
                .isInstanceOf(SocketException.class);
    }

    @Test
    void theServerHearsNoMoreThanSoManyBytesBeforeTheCut() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, "hello");
            proxy.begin(new Fault.CutAfter(Fault.Side.SERVER, 3));
            socket.getOutputStream().write("more".getBytes(StandardCharsets.US_ASCII));
            assertThatThrownBy(() -> socket.getInputStream().readNBytes(4)).isInstanceOf(SocketException.class);
        }
        // A reset may overtake what was sent before it.
        assertThat(heard.get()).isBetween(5L, 8L);
    }

    @Test
    void theServerHasHeardARequestWhoseReplyIsCut() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, "hello");
            proxy.begin(new Fault.CutReply());
            socket.getOutputStream().write('x');
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThat(heard).hasValue(6);
    }

    @Test
    void silenceOneWayLosesNothingOfTheOther() throws IOException {
        try (Socket socket = connect()) {
            ask(socket, "hello");
            proxy.begin(new Fault.Silence(Fault.Side.CLIENT));
            socket.getOutputStream().write('x');
            await("what the server hears").untilAsserted(() -> assertThat(heard).hasValue(6));
            socket.setSoTimeout(SHORT_MILLIS);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void aReplyIsCutWhenItSaysSoAndOthersPass() throws IOException {
        try (Socket socket = connect()) {
            proxy.begin(new Fault.CutAtReply("!"));
            assertThat(ask(socket, "hello")).isEqualTo("hello");
            assertThat(proxy.cuts()).isZero();
            socket.getOutputStream().write('!');
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThat(heard).hasValue(6);
        assertThat(proxy.cuts()).isEqualTo(1);
    }
}
