package dev.freshet.serving.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Clients that connect and say nothing. Those that are not let in yet go on trying, as their system does for them. */
final class IdleClients implements AutoCloseable {
    private final List<SocketChannel> all = new ArrayList<>();
    private final List<SocketChannel> trying = new ArrayList<>();
    private final List<SocketChannel> connected = new ArrayList<>();
    private int turnedAway;
    private int closed;

    IdleClients(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            SocketChannel client = SocketChannel.open();
            client.configureBlocking(false);
            all.add(client);
        }
    }

    void connect(int port) throws IOException {
        InetSocketAddress server = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port);
        for (SocketChannel client : all) {
            (client.connect(server) ? connected : trying).add(client);
        }
    }

    /** How many have been connected, by the server or while they wait for it, those included that it has closed since. */
    int connected() {
        for (Iterator<SocketChannel> each = trying.iterator(); each.hasNext(); ) {
            SocketChannel client = each.next();
            try {
                if (client.finishConnect()) {
                    connected.add(client);
                    each.remove();
                }
            } catch (IOException e) {
                turnedAway++;
                each.remove();
            }
        }
        return connected.size() + closed;
    }

    int turnedAway() {
        return turnedAway;
    }

    /** How many connections the server has closed. */
    int closed() {
        ByteBuffer nothing = ByteBuffer.allocate(1);
        connected.removeIf(client -> {
            if (isOpen(client, nothing)) {
                return false;
            }
            closed++;
            return true;
        });
        return closed;
    }

    private static boolean isOpen(SocketChannel client, ByteBuffer nothing) {
        try {
            return client.read(nothing) >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel client : all) {
            client.close();
        }
    }
}
