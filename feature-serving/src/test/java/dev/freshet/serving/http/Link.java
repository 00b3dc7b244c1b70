package dev.freshet.serving.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The way to a server on this machine, which can be cut and mended. */
final class Link implements AutoCloseable {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private final int server;
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private volatile ServerSocket door;
    private final int port;

    Link(int server) throws IOException {
        this.server = server;
        door = listen(0);
        port = door.getLocalPort();
    }

    int port() {
        return port;
    }

    private ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(HERE, port));
        run(() -> {
            while (true) {
                Socket client = socket.accept();
                Socket other = new Socket(HERE, server);
                client.setTcpNoDelay(true);
                other.setTcpNoDelay(true);
                open.add(client);
                open.add(other);
                pump(client, other);
                pump(other, client);
            }
        });
        return socket;
    }

    private void pump(Socket from, Socket to) {
        run(() -> {
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                in.transferTo(out);
            }
        });
    }

    /** What ends with an exception. */
    private interface Work {
        void run() throws IOException;
    }

    private static void run(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // It was cut.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    void cut() throws IOException {
        door.close();
        for (Closeable each : open) {
            each.close();
        }
        open.clear();
    }

    void mend() throws IOException {
        door = listen(port);
    }

    @Override
    public void close() throws IOException {
        cut();
    }
}
