package dev.freshet.runtime.retry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.lifecycle.Quoted;
import dev.freshet.runtime.time.Time;

/**
 * Does a piece of work again while it fails in a way that passes by itself: until it succeeds, fails otherwise, is out of
 * time, or the thread is interrupted. Logs when the trouble begins, once a minute while it lasts, and when it is over, not each attempt.
 */
public final class Retry {
    private static final Logger log = LoggerFactory.getLogger(Retry.class);

    private static final Duration REMINDER = Duration.ofMinutes(1);

    private final String what;
    private final Backoff backoff;
    private final Predicate<Exception> retriable;
    private final Time time;
    private final @Nullable Duration patience;

    private Retry(
            String what, Backoff backoff, Predicate<Exception> retriable, Time time, @Nullable Duration patience) {
        this.what = what;
        this.backoff = backoff;
        this.retriable = retriable;
        this.time = time;
        this.patience = patience;
    }

    /**
     * Retries without end.
     *
     * @param what is done, for the log
     * @param retriable which failures pass by themselves
     */
    public static Retry forever(String what, Backoff backoff, Predicate<Exception> retriable, Time time) {
        return new Retry(what, backoff, retriable, time, null);
    }

    /** The same, but a failure later than this after the first one is thrown. */
    public Retry within(Duration limit) {
        return new Retry(what, backoff, retriable, time, limit);
    }

    /** Work that may be done again when it failed. */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        T run() throws E, InterruptedException;
    }

    /** Work without a result. */
    @FunctionalInterface
    public interface Action<E extends Exception> {
        void run() throws E, InterruptedException;
    }

    /**
     * @throws E the failure that is not retriable, or the last one when the time is over
     * @throws InterruptedException while working or waiting
     */
    public <T, E extends Exception> T call(Work<T, E> work) throws E, InterruptedException {
        int failures = 0;
        long began = 0;
        long told = 0;
        while (true) {
            try {
                T result = work.run();
                if (failures > 0) {
                    log.info("recovered what={} failures={} after={}", Quoted.of(what), failures, since(began));
                }
                return result;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                if (!retriable.test(e)) {
                    throw e;
                }
                failures++;
                if (failures == 1) {
                    began = time.nanoTime();
                    told = began;
                    log.warn("retrying what={} reason={}", Quoted.of(what), Quoted.of(reason(e)));
                } else if (since(told).compareTo(REMINDER) >= 0) {
                    told = time.nanoTime();
                    log.warn(
                            "still retrying what={} failures={} for={} reason={}",
                            Quoted.of(what),
                            failures,
                            since(began),
                            Quoted.of(reason(e)));
                } else {
                    log.debug(
                            "failed again what={} failures={} reason={}",
                            Quoted.of(what),
                            failures,
                            Quoted.of(reason(e)));
                }
                Duration wait = backoff.after(failures, ThreadLocalRandom.current());
                if (patience != null && since(began).plus(wait).compareTo(patience) > 0) {
                    log.warn("giving up what={} failures={} after={}", Quoted.of(what), failures, since(began));
                    throw e;
                }
                time.pause(wait);
            }
        }
    }

    /** {@link #call} for work without a result. */
    public <E extends Exception> void run(Action<E> action) throws E, InterruptedException {
        Work<Boolean, E> work = () -> {
            action.run();
            return true;
        };
        call(work);
    }

    /** With the root cause where the message does not say it: of a host that nobody knows, say. */
    private static String reason(Exception failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String reason = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return root.getMessage() != null && reason.contains(root.getMessage()) ? reason : reason + " (" + root + ")";
    }

    private Duration since(long nanos) {
        return Duration.ofNanos(time.nanoTime() - nanos);
    }
}
