package dev.freshet.serving.lookup;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;
import dev.freshet.serving.lookup.LookupException.Reason;

/**
 * Reads user_features. Safe for use by many threads; each call holds a connection while its one statement runs.
 *
 * <p>How complete the table is costs as much as a row, and lookups that come within some 20 ms share it: it is read before the rows,
 * so they have at least what it says. Of standbys, of which one name may lead to several, each is asked for itself.
 */
public final class Lookup implements AutoCloseable {
    private static final String STATEMENT_TIMEOUT = "57014";
    private static final String NO_SUCH_TABLE = "42P01";

    /** What is done with a connection. */
    @FunctionalInterface
    private interface Read<T> {
        T from(Connection connection) throws SQLException, LookupException;
    }

    private final TargetPool pool;
    private final SelectFeatures select;
    private final Time time;
    private final AtomicReference<@Nullable Completeness> known = new AtomicReference<>();

    public Lookup(FreshetConfig config, Time time) {
        this.time = time;
        pool = new TargetPool(config);
        select = new SelectFeatures(
                new FeatureList(config.catalogue()), config.source().users().idType());
    }

    /**
     * The rows of these users, in no order.
     *
     * @param users without duplicates; may be empty
     * @param minLsn a position that the table is known to have, or 0: the answer does not say less
     */
    public Answer find(Collection<Id> users, long minLsn) throws LookupException {
        return read(connection -> {
            long now = time.nanoTime();
            Completeness recent = known.get();
            if (recent != null && recent.isUsable(now, minLsn)) {
                Map<Id, FeatureRow> rows = select.readRows(connection, users);
                // Who is not there may be so for another reason: nothing is live, or readers were turned to another
                // build.
                if (!rows.isEmpty() && rows.values().iterator().next().epoch() == recent.epoch()) {
                    return new Answer(recent.through(), rows, recent.targetTime(), recent.askedAt());
                }
            }
            Answer answer = select.read(connection, users, now);
            Completeness.of(answer, known.get())
                    .ifPresent(read -> known.accumulateAndGet(read, Completeness::furthest));
            return answer;
        });
    }

    /** How far the table is complete; empty while nothing is live. */
    public Optional<CompleteThrough> completeThrough() throws LookupException {
        return read(SelectCompleteThrough::read);
    }

    /** Connections in use right now. */
    public int connectionsInUse() {
        return pool.inUse();
    }

    private <T> T read(Read<T> read) throws LookupException {
        try {
            return once(read);
        } catch (SQLException e) {
            // The server may have ended this one session: a read can be done again, on another.
            if (!SqlFault.isPassing(e) || isOutOfTime(e)) {
                throw translated(e);
            }
        }
        try {
            return once(read);
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    private <T> T once(Read<T> read) throws SQLException, LookupException {
        try (Connection connection = pool.connection()) {
            return read.from(connection);
        }
    }

    private static boolean isOutOfTime(SQLException failure) {
        return STATEMENT_TIMEOUT.equals(failure.getSQLState()) || failure instanceof SQLTransientConnectionException;
    }

    private static LookupException translated(SQLException failure) {
        if (failure instanceof SQLTransientConnectionException && failure.getCause() == null) {
            return new LookupException(Reason.BUSY, "all connections to the target are in use: ask again", failure);
        }
        if (NO_SUCH_TABLE.equals(failure.getSQLState())) {
            return new LookupException(
                    Reason.NOT_LIVE,
                    "the target has no user_features yet: ask again when the first is complete",
                    failure);
        }
        Throwable cause =
                failure instanceof SQLTransientConnectionException && failure.getCause() instanceof SQLException
                        ? failure.getCause()
                        : failure;
        return cause instanceof SQLException sql && !SqlFault.isPassing(sql)
                ? new LookupException(Reason.REFUSED, "the target cannot be read: see the log of freshet serve", cause)
                : new LookupException(Reason.UNREACHABLE, "the target does not answer: ask again", cause);
    }

    @Override
    public void close() {
        pool.close();
    }
}
