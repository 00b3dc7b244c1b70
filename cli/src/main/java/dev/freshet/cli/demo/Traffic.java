package dev.freshet.cli.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.time.Time;

/** Changes the shop all the time, at a given rate of rows. */
final class Traffic {
    private static final Logger log = LoggerFactory.getLogger(Traffic.class);
    private static final Duration PAUSE = Duration.ofMillis(2);
    /** So that a commit's wait for the disk does not bound the rate. */
    private static final int TRANSACTIONS_PER_SECOND = 250;

    private static final String INTEGRITY_CLASS = "23";

    private final Database database;
    private final Draws draws;
    private final int rate;
    private final Tally tally;
    private final Time time;

    /** @param rate how many rows it changes in a second */
    Traffic(Database database, Draws draws, int rate, Tally tally, Time time) {
        this.database = database;
        this.draws = draws;
        this.rate = rate;
        this.tally = tally;
        this.time = time;
    }

    Worker worker() {
        return new Worker("demo-traffic", this::run);
    }

    private void run(Worker worker) throws SQLException, InterruptedException {
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            try (ShopChanges changes = new ShopChanges(connection, draws, time)) {
                connection.commit();
                long begin = time.nanoTime();
                long done = 0;
                while (!worker.isStopping()) {
                    double due = (time.nanoTime() - begin) / 1e9 * rate;
                    if (done < due) {
                        done += transaction(connection, changes);
                    } else {
                        time.pause(PAUSE);
                    }
                    if (due - done > rate) {
                        // More than a second behind: what the machine cannot do is not owed.
                        begin = time.nanoTime();
                        done = 0;
                    }
                }
            }
        }
    }

    private int transaction(Connection connection, ShopChanges changes) throws SQLException {
        List<Kind> applied = new ArrayList<>();
        int rows = 0;
        try {
            for (int left = size(); left > 0; left--) {
                Kind kind = Kind.next(draws.random());
                int changed = changes.apply(kind);
                rows += changed;
                if (changed > 0) {
                    applied.add(kind);
                }
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            if (e.getSQLState() == null || !e.getSQLState().startsWith(INTEGRITY_CLASS)) {
                throw e;
            }
            log.info("somebody else changes the shop too sqlstate={}", e.getSQLState());
            changes.load(connection);
            connection.commit();
            return 0;
        }
        applied.forEach(tally::add);
        tally.add(rows);
        return rows;
    }

    /** Now and then several changes at once, which no reader may see in part. */
    private int size() {
        int several = draws.happens(10) ? 1 + draws.index(5) : 1;
        return several * Math.max(1, rate / TRANSACTIONS_PER_SECOND);
    }
}
