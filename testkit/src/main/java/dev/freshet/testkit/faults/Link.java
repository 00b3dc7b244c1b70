package dev.freshet.testkit.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

import dev.freshet.testkit.faults.Fault.Side;
import dev.freshet.testkit.process.Deadline;

/** A connection through the proxy, with a thread for each way. */
final class Link {
    private static final int BUFFER = 1 << 16;
    private static final int WAYS = 2;

    private final FaultProxy proxy;
    private final Socket client;
    private final Socket server;
    private final Consumer<Link> ended;
    private final AtomicInteger open = new AtomicInteger(WAYS);
    private volatile boolean lossy;

    Link(FaultProxy proxy, Socket client, Socket server, Consumer<Link> ended) {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
        this.ended = ended;
    }

    void start() throws SocketException {
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        FaultProxy.start(() -> run(client, server, Side.SERVER), "fault-proxy to server");
        FaultProxy.start(() -> run(server, client, Side.CLIENT), "fault-proxy to client");
    }

    /** Whether bytes were taken that went nowhere. */
    boolean hasLost() {
        return lossy;
    }

    /** Both ends hear of it at once, by a RST; what is under way is lost. */
    void reset() {
        for (Socket socket : new Socket[] {client, server}) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException e) {
                // It was closed already.
            }
        }
        ended.accept(this);
    }

    private void run(Socket from, Socket to, Side side) {
        Way way = new Way(side);
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (!way.pass(out, buffer, count)) {
                    proxy.hasCut();
                    reset();
                    return;
                }
            }
            if (!lossy) {
                to.shutdownOutput();
            }
            if (open.decrementAndGet() == 0) {
                client.close();
                server.close();
                ended.accept(this);
            }
        } catch (IOException e) {
            reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        }
    }

    /** One direction, and what of it counts towards the fault. */
    private final class Way {
        private final Side to;
        private FaultProxy.@Nullable InForce seen;
        private long passed;

        Way(Side to) {
            this.to = to;
        }

        /** False if the link is to be cut. */
        boolean pass(OutputStream out, byte[] buffer, int count) throws IOException, InterruptedException {
            FaultProxy.InForce now = proxy.inForce();
            if (now != seen) {
                seen = now;
                passed = 0;
            }
            Fault fault = now.fault();
            if (fault instanceof Fault.Reset || (fault instanceof Fault.CutReply && to == Side.CLIENT)) {
                return false;
            }
            if (fault instanceof Fault.Blackhole || (fault instanceof Fault.Silence silence && silence.to() == to)) {
                lossy = true;
                return true;
            }
            if (fault instanceof Fault.CutAtReply cut && to == Side.CLIENT && holds(buffer, count, cut.marker())) {
                return false;
            }
            if (fault instanceof Fault.CutAfter cut && cut.to() == to && passed + count > cut.bytes()) {
                out.write(buffer, 0, (int) (cut.bytes() - passed));
                out.flush();
                return false;
            }
            if (fault instanceof Fault.Latency latency) {
                Deadline.in(latency.each()).await();
            }
            out.write(buffer, 0, count);
            out.flush();
            passed += count;
            return true;
        }

        private static boolean holds(byte[] buffer, int count, String marker) {
            return new String(buffer, 0, count, StandardCharsets.ISO_8859_1).contains(marker);
        }
    }
}
