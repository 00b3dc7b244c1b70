package dev.freshet.testkit.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A way to a server on which things go wrong when a test says so. Listens on loopback; one fault at a time holds for all
 * connections, from the next bytes on.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;

    private final InetSocketAddress server;
    private final ServerSocket listener;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicLong cuts = new AtomicLong();
    private volatile InForce inForce = new InForce(new Fault.None());

    /** A fault since it began; a link knows by it which bytes count. */
    static final class InForce {
        private final Fault fault;

        InForce(Fault fault) {
            this.fault = fault;
        }

        Fault fault() {
            return fault;
        }
    }

    private FaultProxy(InetSocketAddress server, ServerSocket listener) {
        this.server = server;
        this.listener = listener;
    }

    /** One that passes everything on, on a port of its own. */
    public static FaultProxy to(String host, int port) {
        try {
            ServerSocket listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
            FaultProxy proxy = new FaultProxy(new InetSocketAddress(host, port), listener);
            start(proxy::accept, "fault-proxy " + listener.getLocalPort());
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void start(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Where it listens, on 127.0.0.1. */
    public int port() {
        return listener.getLocalPort();
    }

    /** From now on, instead of the one before. */
    public void begin(Fault fault) {
        inForce = new InForce(fault);
        if (fault instanceof Fault.Reset) {
            links.forEach(Link::reset);
        }
    }

    /**
     * All is well again for new connections. Those from which something was taken are reset, as none of them could be gone on with.
     */
    public void heal() {
        inForce = new InForce(new Fault.None());
        links.stream().filter(Link::hasLost).forEach(Link::reset);
    }

    InForce inForce() {
        return inForce;
    }

    void hasCut() {
        cuts.incrementAndGet();
    }

    /** How many connections were cut because of what went through them, since the proxy was made. */
    public long cuts() {
        return cuts.get();
    }

    /** How many connections are open. */
    public int connections() {
        return links.size();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                connect(listener.accept());
            } catch (IOException e) {
                // Closed, or a client or a server that has gone again: the next one may be luckier.
            }
        }
    }

    private void connect(Socket client) throws IOException {
        Socket upstream = new Socket();
        Link link = new Link(this, client, upstream, links::remove);
        links.add(link);
        if (inForce.fault() instanceof Fault.Reset) {
            link.reset();
            return;
        }
        try {
            upstream.connect(server, CONNECT_MILLIS);
            link.start();
        } catch (IOException e) {
            link.reset();
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            links.forEach(Link::reset);
        }
    }
}
