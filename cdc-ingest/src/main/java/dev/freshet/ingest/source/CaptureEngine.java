package dev.freshet.ingest.source;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.ingest.capture.Mapping;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.LibraryCheck;
import dev.freshet.runtime.lifecycle.Quoted;
import dev.freshet.runtime.time.Time;

/** Debezium's engine on a thread of its own. */
public final class CaptureEngine implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CaptureEngine.class);
    private static final Duration CLOSING = Duration.ofSeconds(20);
    private static final Duration RETRY = Duration.ofMillis(50);

    /** Appends records to the log. */
    @FunctionalInterface
    public interface Handler {
        /**
         * @return whether the offset that the slot may be confirmed up to has moved
         * @throws InterruptedException the engine is being closed
         */
        boolean handle(List<SourceRecord> records) throws InterruptedException;
    }

    private final Time time;
    private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Thread thread;

    /** What Debezium would refuse. */
    public static LibraryCheck check() {
        return EngineProperties.check();
    }

    /**
     * What one engine reads.
     *
     * @param log the number of the change log that it is read for, which has a slot of its own
     * @param isBuild whether it is read beside a log which readers depend on
     * @param unavailable placeholder for values that the WAL does not hold
     * @param offsets from where it starts, and up to where it confirms
     */
    public record Reading(int log, boolean isBuild, String unavailable, CommittedOffsets.Holder offsets) {}

    public static CaptureEngine of(FreshetConfig config, Mapping mapping, Reading reading, Handler handler, Time time) {
        Properties properties = EngineProperties.of(
                config.names(),
                config.source().login(),
                mapping,
                config.ingest().engine(),
                reading);
        properties.putAll(reading.offsets().settings());
        return new CaptureEngine(properties, handler, time);
    }

    private CaptureEngine(Properties properties, Handler handler, Time time) {
        this.time = time;
        engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(properties)
                .using((success, message, error) -> finish(message, error))
                .notifying((events, committer) -> handle(handler, events, committer))
                .build();
        thread = new Thread(engine, "capture-engine");
        thread.setDaemon(true);
    }

    private void finish(String message, @Nullable Throwable error) {
        if (error == null) {
            ended.complete(null);
        } else {
            log.debug("the engine failed message={}", Quoted.of(message));
            ended.completeExceptionally(error);
        }
    }

    private void handle(
            Handler handler,
            List<RecordChangeEvent<SourceRecord>> events,
            RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        boolean moved;
        try {
            moved = handler.handle(
                    events.stream().map(RecordChangeEvent::record).toList());
        } catch (RuntimeException e) {
            // Whatever it is, the engine must not take it for one of those after which it goes on with the next batch.
            ended.completeExceptionally(e);
            throw new HandlerFailedException(e);
        }
        if (moved) {
            committer.markProcessed(events.get(events.size() - 1));
            committer.markBatchFinished();
        }
    }

    /** Not one of Connect's retriable exceptions. */
    private static final class HandlerFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        HandlerFailedException(RuntimeException cause) {
            super(cause);
        }
    }

    public void start() {
        thread.start();
    }

    /** Completes when it has ended: with the reason, if it was not closed. */
    public CompletionStage<Void> ended() {
        return ended;
    }

    @Override
    public void close() {
        close(CLOSING);
    }

    /** Without the end if that takes longer: whoever hands on a batch that cannot be appended keeps the engine from ending. */
    public void close(Duration patience) {
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        Thread closing = new Thread(this::closeOnceItMay, "capture-engine-close");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(patience.toMillis());
            thread.join(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** While its task starts, it refuses to be closed. */
    private void closeOnceItMay() {
        long deadline = time.nanoTime() + CLOSING.toNanos();
        try {
            while (!ended.isDone() && thread.isAlive() && time.nanoTime() < deadline) {
                try {
                    engine.close();
                    return;
                } catch (IllegalStateException e) {
                    time.pause(RETRY);
                }
            }
        } catch (IOException e) {
            log.debug("the engine did not close cleanly", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
