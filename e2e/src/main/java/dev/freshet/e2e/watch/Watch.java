package dev.freshet.e2e.watch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.runtime.time.Time;
import dev.freshet.testkit.servers.Database;

/**
 * Reads the whole table over and over, and notes every row that is not the truth at its computed_at, every fall of a version, of
 * computed_at or of how complete the table is, every user who is missing in it or too many, and every row that is late. While
 * the server is away it waits. Source and target have to be one database, with a {@link Journal}.
 */
public final class Watch implements AutoCloseable {
    private static final Duration BETWEEN_READS = Duration.ofMillis(25);
    private static final Duration WHILE_AWAY = Duration.ofMillis(200);
    private static final Duration DOUBTED = Duration.ofSeconds(5);
    private static final Duration CLOSING = Duration.ofSeconds(10);
    private static final int MOST_FINDINGS = 50;

    private final Database database;
    private final Time time;
    private final Journal journal = new Journal();
    private final Judge judge = new Judge(this::found, DOUBTED);
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong outages = new AtomicLong();
    private final List<String> findings = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "watch");
    private volatile boolean stopped;

    private Watch(Database database, Time time) {
        this.database = database;
        this.time = time;
    }

    public static Watch start(Database database, Time time) {
        Watch watch = new Watch(database, time);
        watch.thread.setDaemon(true);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try {
            while (!stopped) {
                try (Connection connection = database.connect()) {
                    while (!stopped) {
                        read(connection);
                        time.pause(BETWEEN_READS);
                    }
                } catch (SQLException e) {
                    failed(e);
                    time.pause(WHILE_AWAY);
                }
            }
        } catch (InterruptedException e) {
            stopped = true;
        } catch (RuntimeException | Error e) {
            found("the watch has ended: " + e);
        }
    }

    private void read(Connection connection) throws SQLException {
        Optional<TableRead> read = TableRead.of(connection);
        // Behind the read: what it saw has been committed by then.
        judge.learn(journal.news(connection));
        if (read.isPresent()) {
            judge.see(read.get());
            reads.incrementAndGet();
        }
        judge.settle();
    }

    private void failed(SQLException failure) {
        if (SqlFault.of(failure) == SqlFault.WAIT) {
            outages.incrementAndGet();
        } else {
            found("a read failed: " + failure);
        }
    }

    private synchronized void found(String finding) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add(finding);
        }
    }

    /** What was found since this was last asked. */
    public synchronized List<String> takeFindings() {
        List<String> taken = List.copyOf(findings);
        findings.clear();
        return taken;
    }

    /** How often the table was read. */
    public long reads() {
        return reads.get();
    }

    /** How often it could not be, because the server was away. */
    public long outages() {
        return outages.get();
    }

    /** How many rows were held against what was right at their computed_at: each version that was seen, once. */
    public long rowsCompared() {
        return judge.claims().rowsCompared();
    }

    /** Of these, such as are right only if a commit that was noted within a tenth of a second before that time stands behind it. */
    public long rowsInDoubt() {
        return judge.claims().rowsInDoubt();
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.interrupt();
        thread.join(CLOSING.toMillis());
    }
}
