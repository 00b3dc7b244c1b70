package dev.freshet.cli.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.cli.Parts;
import dev.freshet.ingest.IngestProgress;
import dev.freshet.ingest.IngestService;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.lifecycle.Service;
import dev.freshet.runtime.monitoring.MonitoredService;
import dev.freshet.serving.http.ServingService;

/** The three parts and the lookups in this JVM, started and closed as the demo needs it. */
final class Pipeline implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Pipeline.class);

    private final IngestService ingest;
    private final ServingService serving;
    private final List<MonitoredService> services;
    private final Deque<Service> started = new ArrayDeque<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    Pipeline(FreshetConfig config) {
        ingest = Parts.ingest(config);
        serving = Parts.serving(config);
        services = List.of(Parts.streams(config), Parts.sink(config), ingest, serving);
    }

    List<MonitoredService> services() {
        return services;
    }

    void start() throws Exception {
        for (Service service : services) {
            started.push(service);
            service.start();
            service.ended().whenComplete((done, failure) -> ended(service, failure));
            log.info("started service={}", service.name());
        }
    }

    private void ended(Service service, @org.jspecify.annotations.Nullable Throwable failure) {
        if (failure == null) {
            end.completeExceptionally(new IllegalStateException(service.name() + " ended by itself"));
        } else if (end.completeExceptionally(failure)) {
            log.error("service failed service={}", service.name(), failure);
        }
    }

    /** Throws why a part has ended, if one has. */
    void check() throws Exception {
        if (!end.isCompletedExceptionally()) {
            return;
        }
        try {
            end.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Exception failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Where lookups are answered, once it has started. */
    String servingUrl() {
        return serving.url();
    }

    IngestProgress ingest() {
        return ingest.progress();
    }

    @Override
    public void close() {
        while (!started.isEmpty()) {
            Service service = started.pop();
            try {
                service.close();
                log.info("closed service={}", service.name());
            } catch (RuntimeException e) {
                log.warn("could not close service={}", service.name(), e);
            }
        }
    }
}
