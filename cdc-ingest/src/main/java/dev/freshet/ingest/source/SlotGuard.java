package dev.freshet.ingest.source;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.lifecycle.Quoted;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;

/**
 * Drops a slot of ours when the source keeps more WAL for it than it may: the shop goes before its features. On a thread and a connection
 * of its own, so that it does so too while everything else waits for a broker, or for the lead.
 */
public final class SlotGuard implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SlotGuard.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration CLOSING = Duration.ofSeconds(10);
    private static final int DROP_ATTEMPTS = 20;
    private static final Duration DROP_RETRY = Duration.ofMillis(100);

    /** Told before a slot is dropped. */
    @FunctionalInterface
    public interface OnExceeded {
        /**
         * @param log that the slot is for
         * @return whether the process goes on without it
         */
        boolean exceeded(int log, Stop.Operator reason);
    }

    private final Database source;
    private final Names names;
    private final long limit;
    private final OnExceeded onExceeded;
    private final Time time;
    private final Thread thread;
    private volatile boolean dropping;

    /**
     * @param limit in bytes; 0 for none
     */
    public SlotGuard(Database source, Names names, long limit, OnExceeded onExceeded, Time time) {
        this.source = source;
        this.names = names;
        this.limit = limit;
        this.onExceeded = onExceeded;
        this.time = time;
        thread = new Thread(this::run, "slot-guard");
        thread.setDaemon(true);
    }

    public void start() {
        if (limit > 0) {
            thread.start();
        }
    }

    private void run() {
        try {
            boolean isWatching = true;
            while (isWatching) {
                isWatching = watchUntilFailure();
                time.pause(INTERVAL);
            }
        } catch (InterruptedException e) {
            log.debug("slot guard stopped");
        }
    }

    /** Returns false when it has done what it is there for. */
    private boolean watchUntilFailure() throws InterruptedException {
        try (Connection connection = source.open()) {
            while (true) {
                List<Integer> exceeded = exceeded(connection);
                dropping = !exceeded.isEmpty();
                boolean goesOn = true;
                for (int number : exceeded) {
                    goesOn &= drop(number, connection);
                }
                if (!goesOn) {
                    return false;
                }
                dropping = false;
                time.pause(INTERVAL);
            }
        } catch (SQLException e) {
            // Whether the source can be reached is for others to tell.
            log.debug("cannot look at the slot", e);
            return true;
        }
    }

    private List<Integer> exceeded(Connection connection) throws SQLException {
        List<Integer> exceeded = new ArrayList<>();
        for (int number : Slot.logs(connection, names)) {
            if (retained(number, connection) > limit) {
                exceeded.add(number);
            }
        }
        return exceeded;
    }

    private long retained(int number, Connection connection) throws SQLException {
        return SlotUse.of(names.slot(number), connection)
                .map(SlotUse::retainedBytes)
                .orElse(0L);
    }

    /** Returns whether the process goes on without it. */
    private boolean drop(int number, Connection connection) throws SQLException, InterruptedException {
        Slot slot = new Slot(names.slot(number));
        long retained = retained(number, connection);
        boolean goesOn = onExceeded.exceeded(
                number,
                new Stop.Operator(
                        "the source keeps " + (retained >> 20) + " MB of WAL for replication slot " + slot.name()
                                + ", more than ingest.slot.max.retained.mb allows; the slot is dropped before the disk"
                                + " is full",
                        "Mend what kept ingest, or the source's oldest transaction, from going on. "
                                + Generations.REBUILD));
        drop(slot, connection, retained);
        return goesOn;
    }

    private void drop(Slot slot, Connection connection, long retained) throws SQLException, InterruptedException {
        log.warn("dropping slot={} retained={}", slot.name(), retained);
        for (int attempt = 1; ; attempt++) {
            try {
                slot.terminateReader(connection);
                slot.drop(connection);
                return;
            } catch (SQLException e) {
                if (slot.state(connection).isEmpty()) {
                    return; // whoever read from it has been faster
                }
                if (attempt == DROP_ATTEMPTS) {
                    log.error("cannot drop slot={} reason={}", slot.name(), Quoted.of(e));
                    throw e;
                }
                time.pause(DROP_RETRY);
            }
        }
    }

    /** Returns when a drop that is under way is done. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            if (!dropping) {
                thread.interrupt();
            }
            thread.join(CLOSING.toMillis());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
