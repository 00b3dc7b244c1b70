package dev.freshet.serving.http;

import java.nio.ByteBuffer;
import java.nio.channels.WritePendingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.time.Time;

/**
 * Closes connections on which a request's headers come, or a reply is taken, for too long. The server's idle timeout does not: each
 * byte begins it anew. Of the body {@link Body} takes care. Also bounds the number of headers.
 */
final class SlowRequests extends Handler.Wrapper implements Connection.Listener {
    static final int MOST_HEADERS = 100;
    static final String TOO_MANY_HEADERS = "the headers are more than " + MOST_HEADERS + ", or more than 8 KiB";
    private static final Logger log = LoggerFactory.getLogger(SlowRequests.class);
    private static final Duration LIMIT = Duration.ofSeconds(Body.SECONDS);
    private static final String HEAD = """
            HTTP/1.1 408 Request Timeout\r
            Content-Type: application/json\r
            Connection: close\r
            X-Request-Id: %s\r
            Content-Length: %d\r
            \r
            """;

    /**
     * A connection: what had come on it when it last owed nothing, and since when it owes something: the rest of a request's headers,
     * or to take the rest of a reply. That it was told to go on with a body (100) is no reply.
     */
    private static final class State {
        private @Nullable Response reply;
        private long settledIn;
        private long owesSince;
        private boolean owes;

        synchronized void begin(Response response) {
            reply = response;
            owes = false;
        }

        synchronized void end(Connection connection) {
            reply = null;
            owes = false;
            settledIn = connection.getBytesIn();
        }

        synchronized boolean isBusy() {
            return reply != null;
        }

        synchronized boolean isTooSlow(Connection connection, long now) {
            if (reply != null ? !reply.isCommitted() : connection.getBytesIn() == settledIn) {
                return false;
            }
            if (!owes) {
                owes = true;
                owesSince = now;
            }
            return now - owesSince > LIMIT.toNanos();
        }
    }

    private final Map<Connection, State> states = new ConcurrentHashMap<>();
    private final Time time;

    SlowRequests(Handler handler, Time time) {
        super(handler);
        this.time = time;
    }

    @Override
    public void onOpened(Connection connection) {
        states.put(connection, new State());
    }

    @Override
    public void onClosed(Connection connection) {
        states.remove(connection);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        scheduleSweep();
    }

    private void scheduleSweep() {
        getServer().getScheduler().schedule(this::sweep, 1, TimeUnit.SECONDS);
    }

    private void sweep() {
        if (!isRunning()) {
            return;
        }
        try {
            long now = time.nanoTime();
            states.forEach((connection, state) -> {
                if (state.isTooSlow(connection, now)) {
                    states.remove(connection);
                    if (state.isBusy()) {
                        // What it has not taken by now, it need not.
                        connection.getEndPoint().close(new TimeoutException("the reply was not taken in time"));
                    } else {
                        refuse(connection.getEndPoint());
                    }
                }
            });
        } finally {
            scheduleSweep();
        }
    }

    /** No reply is on its way on it, as its request has not even come. */
    private static void refuse(EndPoint endPoint) {
        String id = RequestIds.next();
        log.debug("headers come too slowly from={} request={}", endPoint.getRemoteSocketAddress(), id);
        byte[] body = ErrorJson.bytes(Problem.REQUEST_TIMEOUT, Body.TOO_SLOW, id, null);
        ByteBuffer head = ByteBuffer.wrap(HEAD.formatted(id, body.length).getBytes(StandardCharsets.US_ASCII));
        try {
            endPoint.write(Callback.from(endPoint::close), head, ByteBuffer.wrap(body));
        } catch (WritePendingException e) {
            // It does not even take the reply to something that came before.
            endPoint.close(e);
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Connection connection = request.getConnectionMetaData().getConnection();
        State state = states.get(connection);
        if (state != null) {
            state.begin(response);
            Request.addCompletionListener(request, failure -> state.end(connection));
        }
        return super.handle(request, response, callback);
    }
}
