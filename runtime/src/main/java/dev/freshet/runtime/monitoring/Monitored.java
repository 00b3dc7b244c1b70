package dev.freshet.runtime.monitoring;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** A part of a process that tells how it is. Asked by threads that are none of its own. */
public interface Monitored {
    /** Those without which it is not ready. */
    Set<Server> needs();

    /** What else keeps it from being ready; empty if nothing does. It answers at once, from what it knows. */
    List<Reason> reasons();

    /**
     * Asks a database what it wants to know of it; called every few seconds, for each database that it needs, by one thread at a time.
     *
     * @param connection to the source or the target; stays the caller's, in auto-commit mode
     */
    void look(Server database, Connection connection) throws SQLException;

    /** Registers its metrics, which are read from what it knows. */
    void measure(MeterRegistry meters);
}
