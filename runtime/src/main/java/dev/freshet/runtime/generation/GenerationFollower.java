package dev.freshet.runtime.generation;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.runtime.retry.Backoff;
import dev.freshet.runtime.retry.Retry;
import dev.freshet.runtime.time.Time;

/**
 * Keeps a part running for every generation that changes still flow into, as the register of generations says: on a thread
 * of its own, which alone starts and ends them.
 */
public final class GenerationFollower implements AutoCloseable {

    /** What runs for one generation. */
    public interface Part {
        /** Ends it; the process may return and go on where it was. */
        void close();

        /** Ends it for good: nobody wants the generation any more. */
        void abandon();
    }

    /** One look at the register. */
    @FunctionalInterface
    public interface Register {
        /** @return the generations to run, oldest first */
        List<Generation> active() throws SQLException;
    }

    /** Starts the part of a generation. */
    @FunctionalInterface
    public interface Starter {
        Part start(Generation generation) throws InterruptedException;
    }

    private final Register register;
    private final Starter starter;
    private final Duration interval;
    private final Time time;
    private final Map<Integer, Part> parts = new HashMap<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Thread thread;

    /** @param interval between two looks */
    public GenerationFollower(String name, Register register, Starter starter, Duration interval, Time time) {
        this.register = register;
        this.starter = starter;
        this.interval = interval;
        this.time = time;
        thread = new Thread(this::follow, name);
    }

    public void start() {
        thread.start();
    }

    /** Completes when it is closed, or with the reason when a part or the register failed. */
    public CompletionStage<Void> ended() {
        return ended;
    }

    /** Ends everything with this reason; the first one counts. */
    public void fail(Throwable reason) {
        ended.completeExceptionally(reason);
    }

    /** Whether the part of a generation has been started. To be asked on the follower's thread: by the register. */
    public boolean isRunning(int generation) {
        return parts.containsKey(generation);
    }

    private void follow() {
        Retry looking =
                Retry.forever("following the register of generations", Backoff.standard(), SqlFault::isPassing, time);
        try {
            while (!ended.isDone()) {
                run(looking.call(register::active));
                time.pause(interval);
            }
        } catch (InterruptedException e) {
            // close() asks us to end. The flag stays cleared: the parts are still to be closed, and that waits.
            ended.complete(null);
        } catch (Exception e) {
            fail(e);
        } finally {
            parts.values().forEach(Part::close);
        }
    }

    private void run(List<Generation> active) throws InterruptedException {
        Set<Integer> wanted = active.stream().map(Generation::number).collect(Collectors.toSet());
        for (int number : List.copyOf(parts.keySet())) {
            Part part = wanted.contains(number) ? null : parts.remove(number);
            if (part != null) {
                part.abandon();
            }
        }
        for (Generation generation : active) {
            if (!parts.containsKey(generation.number())) {
                parts.put(generation.number(), starter.start(generation));
            }
        }
    }

    /** Ends the parts, and returns when they have ended. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ended.complete(null);
    }
}
