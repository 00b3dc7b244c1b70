package dev.freshet.ingest;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.ingest.log.FaultPoint;
import dev.freshet.ingest.source.CaptureEngine;
import dev.freshet.ingest.source.SlotGuard;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.LibraryCheck;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.monitoring.Monitored;
import dev.freshet.runtime.monitoring.MonitoredService;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.avro.RegistryClients;

/**
 * The process that feeds from the source's WAL every change log that a generation is made from. Of several with one deployment's name one
 * leads and the others stand by. It begins a generation where there is none, and ends with a {@link
 * dev.freshet.runtime.lifecycle.Stop} that says whether a restart helps.
 */
public final class IngestService implements MonitoredService {
    private static final Logger log = LoggerFactory.getLogger(IngestService.class);
    private static final Duration CLOSING = Duration.ofSeconds(60);

    private final IngestProgress progress = new IngestProgress();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final IngestMonitor monitor;
    private final Thread thread;
    private final SlotGuard guard;
    private volatile boolean closing;

    private IngestService(FreshetConfig config, SchemaRegistryClient registry, FaultPoint faults, Time time) {
        IngestRun run = new IngestRun(config, registry, faults, progress, time);
        monitor = new IngestMonitor(config, progress, time);
        thread = new Thread(() -> run(run), "ingest");
        guard = new SlotGuard(
                new Database(config.source().login(), config.source().schema(), "freshet-guard", Timeouts.standard()),
                config.names(),
                (long) config.ingest().maxRetainedMegabytes() << 20,
                (log, reason) -> goesOnWithout(run, log, reason),
                time);
    }

    private boolean goesOnWithout(IngestRun run, int log, Stop.Operator reason) {
        boolean goesOn = run.giveUp(log, reason.reason());
        if (!goesOn) {
            ended.completeExceptionally(reason);
        }
        return goesOn;
    }

    /** @throws dev.freshet.runtime.config.ConfigException if Debezium would not start with it */
    public static IngestService of(FreshetConfig config, Time time) {
        return of(
                config,
                RegistryClients.open(config.registry().url(), config.registry().properties()),
                time);
    }

    /** With a registry's client that the process shares. */
    public static IngestService of(FreshetConfig config, SchemaRegistryClient registry, Time time) {
        return withFaults(config, registry, FaultPoint.NONE, time);
    }

    /** For tests that end the process at a certain place. */
    static IngestService withFaults(FreshetConfig config, SchemaRegistryClient registry, FaultPoint faults, Time time) {
        check().require(config.ingest().engine().properties());
        return new IngestService(config, registry, faults, time);
    }

    /** What Debezium would refuse of a configuration: for those who want to know before. */
    public static LibraryCheck check() {
        return CaptureEngine.check();
    }

    /** What it is doing. */
    public IngestProgress progress() {
        return progress;
    }

    @Override
    public Monitored monitored() {
        return monitor;
    }

    @Override
    public String name() {
        return "ingest";
    }

    /** Returns at once: to lead may take until another ingest ends. {@link #progress} tells how far it is. */
    @Override
    public void start() {
        thread.start();
        guard.start();
    }

    private void run(IngestRun run) {
        Throwable failure = null;
        try {
            run.run();
        } catch (Throwable e) {
            failure = e;
        }
        progress.enter(IngestProgress.Phase.ENDED);
        if (failure == null || closing) {
            log.debug("ended", failure);
            ended.complete(null);
        } else {
            ended.completeExceptionally(failure);
        }
    }

    @Override
    public CompletionStage<Void> ended() {
        return ended;
    }

    @Override
    public void close() {
        closing = true;
        guard.close();
        thread.interrupt();
        try {
            thread.join(CLOSING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ended.complete(null);
    }
}
