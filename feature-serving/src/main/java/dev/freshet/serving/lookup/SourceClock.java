package dev.freshet.serving.lookup;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.DatabaseSession;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.time.Micros;
import dev.freshet.runtime.time.Time;

/**
 * The source's clock, asked every few seconds and carried on by this machine's in between, which never steps. It is never told to
 * be earlier than it is: what asking took is added, and for the drift of the two a five-thousandth of the time since. While the source
 * does not answer it is carried on from the last time that it did.
 */
public final class SourceClock implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SourceClock.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(4);
    private static final int QUESTIONS = 3;
    private static final long DRIFT = 5_000;
    private static final long NANOS = 1_000;
    private static final String SELECT = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

    /** Asks the source for its time, in microseconds. */
    @FunctionalInterface
    interface Question {
        long ask() throws SQLException;
    }

    /**
     * The source's clock stood at this when, or after, ours stood at that.
     *
     * @param nanos our clock for durations
     * @param wall our wall clock
     * @param took between the question and the answer, in nanoseconds of ours
     */
    record Reading(long micros, long nanos, Instant wall, long took) {
        /** What it stands at, or a little more. */
        Instant at(Time time) {
            long ran = Math.max(0, time.nanoTime() - nanos);
            // Of the two only the wall clock goes on while the machine is asleep; and only the other one never steps
            // back.
            long passed = Math.max(ran, Duration.between(wall, time.now()).toNanos());
            long elapsed = passed / NANOS + 1;
            return Micros.toInstant(micros + elapsed + elapsed / DRIFT);
        }
    }

    private final Time time;
    private final Question question;
    private final @Nullable DatabaseSession session;
    private volatile @Nullable Reading last;
    private @Nullable Thread thread;

    public SourceClock(FreshetConfig config, Time time) {
        Timeouts timeouts = new Timeouts(LIMIT, LIMIT, LIMIT.minusSeconds(1), LIMIT, LIMIT);
        DatabaseSession source = new DatabaseSession(
                new Database(config.source().login(), config.source().schema(), "freshet-serve-clock", timeouts),
                connection -> {});
        this.time = time;
        session = source;
        question = () -> ask(source);
    }

    SourceClock(Question question, Time time) {
        this.time = time;
        this.question = question;
        session = null;
    }

    private static long ask(DatabaseSession source) throws SQLException {
        Connection connection = source.connection();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SELECT)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            source.close();
            throw e;
        }
    }

    /** Begins to ask, on a thread of its own. */
    public void start() {
        Thread asking = new Thread(this::run, "serving-source-clock");
        asking.setDaemon(true);
        asking.start();
        thread = asking;
    }

    /** What it stands at, or a little more; empty if the source has never answered. */
    public Optional<Instant> now() {
        Reading reading = last;
        return reading == null ? Optional.empty() : Optional.of(reading.at(time));
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look();
                time.pause(INTERVAL);
            }
        } catch (InterruptedException e) {
            log.debug("no longer asking the source for its time");
        } finally {
            if (session != null) {
                session.close();
            }
        }
    }

    /** Of a few answers the one that took the least counts: it says the most. */
    void look() {
        try {
            Reading best = read();
            for (int i = 1; i < QUESTIONS; i++) {
                Reading other = read();
                best = other.took() < best.took() ? other : best;
            }
            if (last == null) {
                log.info("ages are told by the source's clock");
            }
            last = best;
        } catch (SQLException | RuntimeException e) {
            log.debug("the source does not tell its time", e);
        }
    }

    private Reading read() throws SQLException {
        long before = time.nanoTime();
        Instant wall = time.now();
        long micros = question.ask();
        return new Reading(micros, before, wall, time.nanoTime() - before);
    }

    @Override
    public void close() {
        Thread asking = thread;
        if (asking != null) {
            asking.interrupt();
        }
    }
}
