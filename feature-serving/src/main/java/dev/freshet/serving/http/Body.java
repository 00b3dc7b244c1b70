package dev.freshet.serving.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** Reads a request's body without holding a thread while it comes: up to a size, and within a time for all of it. */
final class Body implements Runnable {
    /** Enough for as many users as a request may name, and little enough for all connections to send as much at once. */
    static final int MOST_BYTES = 128 << 10;

    /** What is too large, but not by far, is read over: a connection that is closed on unread bytes loses the reply to many a client. */
    private static final int MOST_READ_OVER = 1 << 20;

    static final String TOO_LARGE = "the body has more than 128 KiB: split it into several requests";
    static final String TOO_SLOW = "the request did not come within " + Body.SECONDS + " s: send it in one go";
    static final String NOT_JSON = "the body has to be JSON in UTF-8, not compressed: Content-Type: application/json";

    static final long SECONDS = 10;

    private final Exchange exchange;
    private final Consumer<byte[]> then;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Scheduler.Task deadline;
    private long total;
    private boolean over;

    private Body(Exchange exchange, Consumer<byte[]> then) {
        this.exchange = exchange;
        this.then = then;
        deadline = exchange.request().getComponents().getScheduler().schedule(this::late, SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Calls back once with all of it; or answers why it cannot be read, or is too slow.
     *
     * @throws Refusal of what its headers announce
     */
    static void read(Exchange exchange, Consumer<byte[]> then) throws Refusal {
        HttpFields headers = exchange.request().getHeaders();
        if (!isJson(headers.get(HttpHeader.CONTENT_TYPE)) || headers.contains(HttpHeader.CONTENT_ENCODING)) {
            throw new Refusal(Problem.UNSUPPORTED_MEDIA_TYPE, NOT_JSON);
        }
        if (exchange.request().getLength() > MOST_READ_OVER) {
            throw new Refusal(Problem.TOO_LARGE, TOO_LARGE);
        }
        new Body(exchange, then).run();
    }

    /** Feast's own examples send none, which is taken for JSON. */
    private static boolean isJson(@Nullable String type) {
        if (type == null) {
            return true;
        }
        int end = type.indexOf(';');
        String parameter = end < 0 ? "" : type.substring(end + 1).strip();
        return (end < 0 ? type : type.substring(0, end)).strip().equalsIgnoreCase("application/json")
                && (parameter.isEmpty()
                        || parameter.equalsIgnoreCase("charset=utf-8")
                        || parameter.equalsIgnoreCase("charset=\"utf-8\""));
    }

    /** Takes what has come, and is run again when more has. */
    @Override
    public void run() {
        byte[] all;
        try {
            all = readMore();
        } catch (Refusal e) {
            exchange.refuse(e);
            return;
        }
        if (all != null) {
            exchange.bodyRead();
            then.accept(all);
        }
    }

    /** Null while there is more to come, or when it is over. */
    private synchronized byte @Nullable [] readMore() throws Refusal {
        while (!over) {
            Content.Chunk chunk = exchange.request().read();
            if (chunk == null) {
                exchange.request().demand(this);
                return null;
            }
            if (Content.Chunk.isFailure(chunk)) {
                finish();
                exchange.abandon(told(chunk.getFailure()));
                return null;
            }
            boolean last = take(chunk);
            if (total > MOST_BYTES && (last || total > MOST_READ_OVER)) {
                finish();
                if (last) {
                    exchange.bodyRead();
                }
                throw new Refusal(Problem.TOO_LARGE, TOO_LARGE);
            }
            if (last) {
                finish();
                return bytes.toByteArray();
            }
        }
        return null;
    }

    /** At the limit of connections the server's idle timeout is shorter than ours, and means the same. */
    private static Throwable told(Throwable failure) {
        return failure instanceof TimeoutException
                ? new HttpException.RuntimeException(HttpStatus.REQUEST_TIMEOUT_408, TOO_SLOW)
                : failure;
    }

    private boolean take(Content.Chunk chunk) {
        ByteBuffer buffer = chunk.getByteBuffer();
        total += buffer.remaining();
        if (total <= MOST_BYTES) {
            byte[] part = new byte[buffer.remaining()];
            buffer.get(part);
            bytes.write(part, 0, part.length);
        }
        boolean last = chunk.isLast();
        chunk.release();
        return last;
    }

    private void finish() {
        over = true;
        deadline.cancel();
    }

    private synchronized void late() {
        if (!over) {
            over = true;
            exchange.abandon(new HttpException.RuntimeException(HttpStatus.REQUEST_TIMEOUT_408, TOO_SLOW));
        }
    }
}
