package dev.freshet.schemas.avro;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends an exchange that has taken too long: a connection's timeouts bound the wait for each byte, and a server that sends
 * one now and then is within them for ever.
 */
final class TimeLimit implements AutoCloseable {
    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "registry-time-limit");
        thread.setDaemon(true);
        return thread;
    });

    private final Duration limit;
    private final Future<?> end;
    private volatile boolean answered;
    private volatile boolean over;

    TimeLimit(Duration limit, HttpURLConnection connection) {
        this.limit = limit;
        end = CLOCK.schedule(() -> end(connection), limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void end(HttpURLConnection connection) {
        over = true;
        if (!answered) {
            connection.disconnect(); // behind the headers this would wait for the reader, which looks for itself
        }
    }

    /** The headers are read. */
    void answered() {
        answered = true;
    }

    /** The whole of a body; empty if there is none. */
    byte[] read(@Nullable InputStream body, int maxBytes) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        if (body == null) {
            return all.toByteArray();
        }
        byte[] part = new byte[8_192];
        for (int n = body.read(part); n >= 0; n = body.read(part)) {
            all.write(part, 0, n);
            if (over) {
                throw new IOException("the answer is not complete after " + limit);
            }
            if (all.size() > maxBytes) {
                throw new IOException("the answer has more than " + maxBytes + " bytes");
            }
        }
        return all.toByteArray();
    }

    @Override
    public void close() {
        end.cancel(false);
    }
}
