package dev.freshet.e2e.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

import dev.freshet.runtime.time.Time;

/**
 * Commits of one order each, for one silent user after the other, at instants that were fixed before: what the table does with
 * one of them delays none of the others, so a stall is in as many samples as commits fell into it.
 */
final class Commits implements AutoCloseable {
    /** Of the instants, random and on average half as far apart: they must not fall into step with any beat of ours. */
    private static final int FARTHEST_MICROS = 100_000;

    private final Trial trial;
    private final Map<Long, Integer> counts;
    private final Queue<Commit> seenByNobody = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final Thread writer;

    /**
     * @param count that the user's row shows once it is in
     * @param nanos when the commit had returned
     */
    record Commit(long user, int count, long nanos) {}

    /** @param counts that the users' rows show now; each commit adds one to one of them, in rising order of the users */
    Commits(Trial trial, Map<Long, Integer> counts, int commits) {
        this.trial = trial;
        this.counts = counts;
        writer = new Thread(() -> write(commits), "commits");
        writer.start();
    }

    private void write(int commits) {
        SplittableRandom random = new SplittableRandom(1);
        Time time = trial.bed().time();
        long first = counts.keySet().stream().mapToLong(Long::longValue).min().orElseThrow();
        try (Connection connection = trial.database().connect();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO orders (user_id, total) VALUES (?, 1)")) {
            long next = time.nanoTime();
            for (int i = 0; i < commits; i++) {
                next += 1_000L * random.nextInt(FARTHEST_MICROS);
                time.pause(Duration.ofNanos(next - time.nanoTime()));
                long user = first + i % counts.size();
                insert.setLong(1, user);
                insert.executeUpdate();
                long committed = time.nanoTime();
                seenByNobody.add(new Commit(user, counts.merge(user, 1, Integer::sum), committed));
            }
        } catch (SQLException | InterruptedException | RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    /** Those that have been made, and were not taken out by whoever saw them. */
    Queue<Commit> seenByNobody() throws Exception {
        Exception found = failure.get();
        if (found != null) {
            throw found;
        }
        return seenByNobody;
    }

    @Override
    public void close() throws InterruptedException {
        writer.interrupt();
        writer.join();
    }
}
