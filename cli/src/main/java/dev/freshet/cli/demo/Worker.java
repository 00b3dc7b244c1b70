package dev.freshet.cli.demo;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A thread that works until it is told to stop, and whose failure is noticed by whoever looks. */
final class Worker implements AutoCloseable {
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean stopping;

    /** What is done over and over, returning soon. */
    @FunctionalInterface
    interface Task {
        /** Runs until {@link Worker#isStopping}. */
        void run(Worker worker) throws Exception;
    }

    Worker(String name, Task task) {
        thread = new Thread(
                () -> {
                    try {
                        task.run(this);
                        end.complete(null);
                    } catch (Throwable e) {
                        end.completeExceptionally(e);
                    }
                },
                name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    boolean isStopping() {
        return stopping;
    }

    /** Throws why it failed, if it did. */
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

    /** Returns when it has ended. */
    @Override
    public void close() {
        stopping = true;
        if (thread.isAlive()) {
            // However it ends: a failure is told by check().
            end.exceptionally(failure -> null).join();
        }
    }
}
