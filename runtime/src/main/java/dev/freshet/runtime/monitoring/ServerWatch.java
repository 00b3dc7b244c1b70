package dev.freshet.runtime.monitoring;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.time.Time;

/** Asks one server every two seconds whether it answers, on a thread of its own: a silent one holds up no other. */
final class ServerWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServerWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    /** One question, which fails within five seconds if there is no answer. */
    interface Look extends AutoCloseable {
        /** @return why the server does not do though it answers; empty if it does */
        Optional<Reason> ask() throws Exception;

        @Override
        void close();
    }

    private final Server server;
    private final Look look;
    private final Time time;
    private final Thread thread;
    private volatile @Nullable Reason trouble;

    ServerWatch(Server server, Look look, Time time) {
        this.server = server;
        this.look = look;
        this.time = time;
        trouble = new Reason(Reason.Code.STARTING, server + " has not been asked yet");
        thread = new Thread(this::run, "watch-" + server);
        thread.setDaemon(true);
        thread.start();
    }

    Server server() {
        return server;
    }

    /** What the last look found. */
    Optional<Reason> trouble() {
        return Optional.ofNullable(trouble);
    }

    private void run() {
        try (look) {
            while (!Thread.currentThread().isInterrupted()) {
                trouble = found();
                time.pause(INTERVAL);
            }
        } catch (InterruptedException e) {
            log.debug("no longer watched server={}", server);
        }
    }

    private @Nullable Reason found() throws InterruptedException {
        try {
            return look.ask().orElse(null);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            log.debug("no answer server={}", server, e);
            return new Reason(server.unreachable(), text(e));
        }
    }

    private static String text(Exception failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.toString()
                : message.lines().findFirst().orElse("");
    }

    /** Returns at once; a question under way ends by its own limit. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
