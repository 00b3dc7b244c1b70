package dev.freshet.runtime.lifecycle;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs services until one of them ends, {@link #stop()} is called, or the JVM is asked to end (SIGTERM, Ctrl-C). Starts them
 * in order, closes them in reverse, and gives the whole of the closing only so much time.
 */
public final class ServiceRunner {
    private static final Logger log = LoggerFactory.getLogger(ServiceRunner.class);

    private final List<? extends Service> services;
    private final Duration patience;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /**
     * @param services in the order in which to start them
     * @param patience how long they may take together to close
     */
    public ServiceRunner(List<? extends Service> services, Duration patience) {
        this.services = List.copyOf(services);
        this.patience = patience;
    }

    /** Runs them, on this thread; to be called once. The caller ends the JVM with the code that this returns. */
    public ExitCode run() {
        Thread hook = new Thread(this::stopAndAwait, "freshet-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        Deque<Service> started = new ArrayDeque<>();
        try {
            startAll(started);
            end.get();
            return ExitCode.OK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.OK;
        } catch (Exception e) {
            return failed(e);
        } finally {
            closeAll(started);
            closed.complete(null);
            remove(hook);
        }
    }

    /** Asks for an orderly end; returns at once. */
    public void stop() {
        end.complete(null);
    }

    private void startAll(Deque<Service> started) throws Exception {
        for (Service service : services) {
            if (end.isDone()) {
                return;
            }
            started.push(service);
            service.start();
            service.ended().whenComplete((done, failure) -> ended(service, failure));
            log.info("started service={}", service.name());
        }
    }

    private void ended(Service service, @Nullable Throwable failure) {
        if (failure == null) {
            end.complete(null);
        } else if (end.completeExceptionally(failure)) {
            log.info("service ended service={}", service.name());
        }
    }

    private static ExitCode failed(Exception failure) {
        Throwable cause = Diagnosis.of(failure);
        ExitCode code = ExitCode.of(cause);
        if (code == ExitCode.INTERNAL) {
            log.error("stopping exit={} reason={}", code.code(), Quoted.of(cause), cause);
        } else {
            log.error("stopping exit={} reason={}", code.code(), Quoted.of(cause.getMessage()));
            log.debug("where it came from", cause);
        }
        return code;
    }

    private void closeAll(Deque<Service> started) {
        CompletableFuture<Void> closing = CompletableFuture.runAsync(
                () -> {
                    while (!started.isEmpty()) {
                        close(started.pop());
                    }
                },
                task -> {
                    Thread thread = new Thread(task, "freshet-close");
                    thread.setDaemon(true);
                    thread.start();
                });
        boolean interrupted = Thread.interrupted();
        try {
            closing.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            log.warn("services did not close in time patience={}", patience);
        } catch (ExecutionException e) {
            log.warn("services did not close", e.getCause());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(Service service) {
        try {
            service.close();
            log.info("closed service={}", service.name());
        } catch (RuntimeException e) {
            log.warn("could not close service={}", service.name(), e);
        }
    }

    private void stopAndAwait() {
        stop();
        try {
            closed.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            log.warn("ending without waiting further patience={}", patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending already, and the hook with it.
            log.debug("shutdown under way");
        }
    }
}
