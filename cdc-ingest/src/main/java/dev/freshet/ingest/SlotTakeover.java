package dev.freshet.ingest;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.ingest.source.Slot;
import dev.freshet.runtime.config.ConfigException;
import dev.freshet.runtime.config.Fault;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;

/** Takes the slot from an ingest that has lost the lead and still reads: its connection may outlive it by a minute. */
final class SlotTakeover {
    private static final Logger log = LoggerFactory.getLogger(SlotTakeover.class);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration RETRY = Duration.ofMillis(100);

    private SlotTakeover() {}

    /**
     * Slots belong to the whole server: one in another of its databases, or of another kind, is another deployment's, which
     * may be running.
     *
     * @throws ConfigException if it is, before that one could be disturbed
     */
    static void requireOurs(Connection connection, Names names) throws SQLException {
        for (int log : Slot.logs(connection, names)) {
            Slot slot = new Slot(names.slot(log));
            Optional<Slot.State> state = slot.state(connection);
            if (state.isPresent() && !isOurs(state.get(), connection)) {
                throw new ConfigException(new Fault(
                        "name",
                        names.prefix(),
                        "replication slot " + slot.name() + " is another's, "
                                + (state.get().active() ? "which is running, " : "")
                                + "in database " + state.get().database() + " with plugin "
                                + state.get().plugin()
                                + ": choose another name"));
            }
        }
    }

    /**
     * Returns when nobody reads from it, or it does not exist. Whom we may not end is waited for likewise: it may be what is left of
     * an ingest that had another role.
     *
     * @throws Stop.Restart if somebody does not let go
     */
    static void free(Slot slot, Connection connection, Time time) throws SQLException, InterruptedException {
        long deadline = time.nanoTime() + PATIENCE.toNanos();
        boolean active = isActive(slot, connection);
        while (active) {
            boolean mayEnd = slot.terminateReader(connection);
            time.pause(RETRY);
            active = isActive(slot, connection);
            if (active && time.nanoTime() > deadline) {
                throw new Stop.Restart("slot " + slot.name() + " is read by "
                        + slot.reader(connection).map(Slot.Reader::toString).orElse("somebody")
                        + (mayEnd
                                ? ", who does not let go"
                                : ", whom our role may not end: do that, as that role or a superuser"));
            }
        }
    }

    private static boolean isActive(Slot slot, Connection connection) throws SQLException {
        Optional<Slot.State> state = slot.state(connection);
        return state.isPresent() && state.get().active();
    }

    static void drop(Slot slot, Connection connection, Time time) throws SQLException, InterruptedException {
        Optional<Slot.State> state = slot.state(connection);
        if (state.isPresent() && !isOurs(state.get(), connection)) {
            throw new Stop.Operator(
                    "slot " + slot.name() + " is another's: " + state.get(),
                    "Give this deployment another name in the configuration.");
        }
        free(slot, connection, time);
        log.info("dropping slot={}", slot.name());
        slot.drop(connection);
    }

    private static boolean isOurs(Slot.State state, Connection connection) throws SQLException {
        return state.plugin().equals("pgoutput") && state.database().equals(connection.getCatalog());
    }
}
