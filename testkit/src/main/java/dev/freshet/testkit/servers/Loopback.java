package dev.freshet.testkit.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Ports on 127.0.0.1, the only address any of the servers listens on. */
final class Loopback {
    static final String HOST = "127.0.0.1";
    private static final int LOWEST_FREE = 20_000;
    private static final int HIGHEST_FREE = 32_000;

    /** By this JVM. A server listens long after it got its port: until then it looks free to the next one. */
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Loopback() {}

    /**
     * The port asked for, or for 0 one that is free now. Never from the range that systems give to outgoing connections: while a
     * server is down, a client that keeps trying to reach such a port can end up connected to itself, and hold it.
     */
    static int portOrFree(int port) {
        if (port != 0) {
            return port;
        }
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int candidate = ThreadLocalRandom.current().nextInt(LOWEST_FREE, HIGHEST_FREE);
            if (GIVEN.add(candidate) && isFree(candidate)) {
                return candidate;
            }
        }
        throw new IllegalStateException("no free port on " + HOST + " from " + LOWEST_FREE + " to " + HIGHEST_FREE);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(HOST))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether somebody accepts connections there. */
    static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(HOST, port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
