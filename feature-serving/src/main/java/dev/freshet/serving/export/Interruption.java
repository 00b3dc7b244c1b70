package dev.freshet.serving.export;

import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.lifecycle.Stop;

/** Whether an export was asked to end early, which may be by another thread and in the middle of a statement. */
final class Interruption {
    private static final Logger log = LoggerFactory.getLogger(Interruption.class);

    /** Ends what is under way. */
    interface Cancel {
        void run() throws SQLException;
    }

    /** Until it is closed, something is under way. */
    interface Watched extends AutoCloseable {
        @Override
        void close();
    }

    private final Set<Cancel> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean asked;

    void ask() {
        asked = true;
        underWay.forEach(Interruption::cancel);
    }

    boolean isAsked() {
        return asked;
    }

    /** @throws Stop.Restart if it was asked for */
    void check() {
        if (asked) {
            throw new Stop.Restart("the export was interrupted, and nothing was written");
        }
    }

    Watched during(Cancel cancel) {
        underWay.add(cancel);
        if (asked) {
            underWay.remove(cancel);
            check();
        }
        return () -> underWay.remove(cancel);
    }

    private static void cancel(Cancel cancel) {
        try {
            cancel.run();
        } catch (SQLException e) {
            log.debug("could not cancel a statement", e);
        }
    }
}
