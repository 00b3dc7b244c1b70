package dev.freshet.serving.lookup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.time.Time;

/**
 * Those who wait until the table has what they wrote. However many there are, one thread asks for all of them, and only while there
 * are any; none holds a connection or a thread.
 */
public final class LsnWaits implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LsnWaits.class);
    private static final Duration INTERVAL = Duration.ofMillis(5);

    /** Asks how far the table is complete. */
    @FunctionalInterface
    public interface Progress {
        Optional<CompleteThrough> ask() throws LookupException;
    }

    /**
     * How a wait ended.
     *
     * @param reached whether the table has it
     * @param failure why it could not be asked for the last time; null if it could
     */
    public record Outcome(boolean reached, @Nullable LookupException failure) {}

    private record Wait(long lsn, long deadline, Consumer<Outcome> then) {}

    private final Progress progress;
    private final int most;
    private final Time time;
    private final Object lock = new Object();
    private final List<Wait> waits = new ArrayList<>();
    private boolean closed;
    private @Nullable Executor executor;
    private @Nullable Thread thread;

    /** @param most how many may wait at once */
    public LsnWaits(Progress progress, int most, Time time) {
        this.progress = progress;
        this.most = most;
        this.time = time;
    }

    /** @param executor what follows on a wait is run by it */
    public void start(Executor executor) {
        this.executor = executor;
        Thread asking = new Thread(this::run, "serving-waits");
        asking.setDaemon(true);
        asking.start();
        thread = asking;
    }

    /**
     * Calls back once, when the table has all that was committed before the position, or the time is over.
     *
     * @return false if too many wait already, or it has ended: then nothing follows
     */
    public boolean add(long lsn, Duration patience, Consumer<Outcome> then) {
        synchronized (lock) {
            if (closed || waits.size() >= most) {
                return false;
            }
            waits.add(new Wait(lsn, time.nanoTime() + patience.toNanos(), then));
            lock.notifyAll();
            return true;
        }
    }

    /** How many wait right now. */
    public int count() {
        synchronized (lock) {
            return waits.size();
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                awaitSomebody();
                turn();
                time.pause(INTERVAL);
            }
        } catch (InterruptedException e) {
            log.debug("no longer waiting for positions");
        }
    }

    private void awaitSomebody() throws InterruptedException {
        synchronized (lock) {
            while (waits.isEmpty()) {
                lock.wait();
            }
        }
    }

    /** Asks once, and lets those go on who have waited long enough. */
    private void turn() {
        CompleteThrough through = null;
        LookupException failure = null;
        try {
            through = progress.ask().orElse(null);
        } catch (LookupException e) {
            failure = e;
        } catch (RuntimeException e) {
            log.error("could not ask how far the table is complete", e);
        }
        List<Runnable> over = new ArrayList<>();
        synchronized (lock) {
            for (Iterator<Wait> each = waits.iterator(); each.hasNext(); ) {
                Wait wait = each.next();
                boolean reached = through != null && through.reaches(wait.lsn());
                if (reached || time.nanoTime() - wait.deadline() >= 0) {
                    each.remove();
                    Outcome outcome = new Outcome(reached, failure);
                    over.add(() -> wait.then().accept(outcome));
                }
            }
        }
        over.forEach(this::execute);
    }

    private void execute(Runnable continuation) {
        Executor target = executor;
        if (target != null) {
            target.execute(continuation);
        }
    }

    /** Those who still wait are told that it is over. */
    @Override
    public void close() {
        Thread asking = thread;
        if (asking != null) {
            asking.interrupt();
        }
        List<Wait> left;
        synchronized (lock) {
            closed = true;
            left = List.copyOf(waits);
            waits.clear();
        }
        Outcome ending = new Outcome(
                false,
                new LookupException(LookupException.Reason.BUSY, "this server is about to end: ask another one"));
        left.forEach(wait -> execute(() -> wait.then().accept(ending)));
    }
}
