package dev.freshet.runtime.lifecycle;

import java.util.concurrent.CompletionStage;

/** One of the parts of a process that run side by side. */
public interface Service extends AutoCloseable {
    /** A short name for log lines. */
    String name();

    /** Returns once it runs. What it throws here ends the process as if {@link #ended} had failed with it. */
    void start() throws Exception;

    /** Completes when it has ended by itself: normally when its work is done, with the reason when it cannot go on. */
    CompletionStage<Void> ended();

    /** Ends it, whatever its state, and returns when it has. May be called without a start, and more than once. */
    @Override
    void close();
}
