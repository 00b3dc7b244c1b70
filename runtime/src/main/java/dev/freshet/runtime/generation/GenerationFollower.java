package dev.freshet.runtime.generation;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.runtime.lifecycle.Diagnosis;
import dev.freshet.runtime.lifecycle.Quoted;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.retry.Backoff;
import dev.freshet.runtime.retry.Retry;
import dev.freshet.runtime.time.Time;

/**
 * Keeps a part running for every generation that changes still flow into, as the register of generations says: on a thread
 * of its own, which alone starts and ends them. A part that only a person could mend ends all, unless a newer generation is being
 * built, which is how it is mended, or nobody reads its generation, a standby or a replay: then it is left alone.
 */
public final class GenerationFollower implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GenerationFollower.class);

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
        /** @throws Stop.Operator where only a person could make it start */
        Part start(Generation generation) throws InterruptedException;
    }

    private final Register register;
    private final Starter starter;
    private final Duration interval;
    private final Time time;
    private final Map<Integer, Part> parts = new HashMap<>();
    private final Map<Integer, Stop.Operator> failed = new ConcurrentHashMap<>();
    private List<Generation> seen = List.of();
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

    /** Ends the part of one generation with this reason, and everything unless it can be left alone. */
    public void fail(Generation generation, Throwable reason) {
        if (reason instanceof Stop.Operator forAPerson
                && !Diagnosis.isOfAnotherInPlace(reason)
                && canDoWithout(generation.number())) {
            log.warn("left alone generation={} reason={}", generation.number(), Quoted.of(forAPerson.getMessage()));
            failed.put(generation.number(), forAPerson);
        } else {
            fail(reason);
        }
    }

    private synchronized boolean canDoWithout(int number) {
        return canDoWithout(seen, number)
                || seen.stream().anyMatch(one -> one.number() == number && one.isReplayBuilding());
    }

    /** Whether the others are enough: the one with this number is a standby, or a newer one is being built that takes its place. */
    public static boolean canDoWithout(List<Generation> active, int number) {
        return active.stream().anyMatch(one -> one.number() == number && one.state() == GenerationState.STANDBY)
                || active.stream()
                        .anyMatch(one -> one.number() > number
                                && one.state() == GenerationState.BUILDING
                                && one.livesByItself());
    }

    private synchronized void see(List<Generation> active) {
        seen = active;
    }

    /** Whether the part of a generation has been started. To be asked on the follower's thread: by the register. */
    public boolean isRunning(int generation) {
        return parts.containsKey(generation);
    }

    /** Whether its part has ended for a reason that only a person can mend, and the others go on without it. */
    public boolean isLeftAlone(int generation) {
        return failed.containsKey(generation);
    }

    /**
     * Gives up the replay that is being built if it was left alone: nobody else would tell whoever waits for it. To be called on the
     * follower's thread: by the register.
     *
     * @param active as the register has just told
     * @param process whose log says more
     * @return whether the register has changed
     */
    public boolean giveUpReplay(Generations generations, List<Generation> active, String process) throws SQLException {
        for (Generation generation : active) {
            Stop.Operator reason = failed.get(generation.number());
            if (reason != null && generation.isReplayBuilding()) {
                // Without the cure: what cures a generation that readers depend on would do away with them.
                String why = reason.reason().replaceAll("\\s+", " ") + "; see the log of " + process;
                boolean isGivenUp = generations.abandonReplay(generation.number(), why);
                if (isGivenUp) {
                    log.warn("gave up generation={} reason={}", generation.number(), Quoted.of(why));
                }
                return isGivenUp;
            }
        }
        return false;
    }

    /** Ends the part of a generation, so that it is started anew. To be called on the follower's thread: by the register. */
    public void restart(int generation) {
        Part part = parts.remove(generation);
        if (part != null) {
            part.close();
        }
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
        } catch (Throwable e) {
            // An error, too, has to end the process: without this thread it would stay up and do nothing.
            fail(e);
        } finally {
            parts.forEach(GenerationFollower::close);
        }
    }

    /** One that cannot be closed keeps no other open. */
    private static void close(int generation, Part part) {
        try {
            part.close();
        } catch (RuntimeException e) {
            log.warn("could not close the part of a generation generation={}", generation, e);
        }
    }

    private void run(List<Generation> active) throws InterruptedException {
        see(active);
        Set<Integer> wanted = active.stream().map(Generation::number).collect(Collectors.toSet());
        failed.keySet().retainAll(wanted);
        for (int number : List.copyOf(parts.keySet())) {
            if (!wanted.contains(number) || failed.containsKey(number)) {
                Part part = parts.remove(number);
                if (part != null) {
                    part.abandon();
                }
            }
        }
        for (Generation generation : active) {
            Stop.Operator reason = failed.get(generation.number());
            if (reason != null && !canDoWithout(generation.number())) {
                fail(reason);
            } else if (reason == null && !parts.containsKey(generation.number())) {
                start(generation);
            }
        }
    }

    private void start(Generation generation) throws InterruptedException {
        try {
            parts.put(generation.number(), starter.start(generation));
        } catch (Stop.Operator e) {
            fail(generation, e);
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
