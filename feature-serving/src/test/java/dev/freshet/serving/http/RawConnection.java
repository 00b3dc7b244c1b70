package dev.freshet.serving.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** Bytes to and from a server, whatever they are. */
final class RawConnection implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;

    RawConnection(int port) throws IOException {
        this(new Socket(), port, PATIENCE);
    }

    /** @param patience with the server, to let it in and then for each piece of a reply */
    RawConnection(int port, Duration patience) throws IOException {
        this(new Socket(), port, patience);
    }

    private RawConnection(Socket socket, int port, Duration patience) throws IOException {
        this.socket = socket;
        int millis = (int) patience.toMillis();
        try {
            socket.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), millis);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        socket.setSoTimeout(millis);
        out = socket.getOutputStream();
        in = socket.getInputStream();
    }

    /** One that can take little of a reply before it is read. */
    static RawConnection withLittleRoom(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(1);
        return new RawConnection(socket, port, PATIENCE);
    }

    RawConnection send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        return this;
    }

    /** False once the other side has closed it. */
    boolean trySend(String text) {
        try {
            send(text);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Nothing more is sent; replies can still come. */
    RawConnection endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** All that comes until the other side closes the connection. */
    String readAll() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (SocketException e) {
            // A reset, behind what it has told.
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /** One reply with a Content-Length. */
    String readReply() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return head.toString();
            }
            head.append((char) next);
        }
        String lower = head.toString().toLowerCase(Locale.ROOT);
        int at = lower.indexOf("content-length: ");
        int length = at < 0 ? 0 : Integer.parseInt(lower.substring(at + 16, lower.indexOf("\r", at)));
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    /** Whether bytes have come that nobody has read. */
    boolean hasReply() throws IOException {
        return in.available() > 0;
    }

    static int status(String reply) {
        return reply.startsWith("HTTP/1.1 ") ? Integer.parseInt(reply.substring(9, 12)) : 0;
    }

    /** Leaves at once, whatever is on its way to either side. */
    void leave() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
