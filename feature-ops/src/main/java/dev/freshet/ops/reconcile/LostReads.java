package dev.freshet.ops.reconcile;

import java.sql.SQLException;
import java.time.Duration;

import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.runtime.retry.Backoff;
import dev.freshet.runtime.retry.Retry;
import dev.freshet.runtime.time.Time;

/**
 * Reads again what lost against another transaction: one that has a table locked for longer than a read waits, or a TRUNCATE of both
 * tables, which a read that locks one after the other can be in a deadlock with, so that PostgreSQL may end either of the two.
 */
final class LostReads {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Retry retry;

    /** @param what is read, for the log */
    LostReads(String what, Time time) {
        retry = Retry.forever(what, Backoff.standard(), LostReads::isLost, time).within(PATIENCE);
    }

    private static boolean isLost(Exception failure) {
        return failure instanceof SQLException sql && SqlFault.of(sql) == SqlFault.RETRY;
    }

    /** @throws SQLException if it failed otherwise, or was lost again and again for a minute */
    <T> T again(Retry.Work<T, SQLException> read) throws SQLException, InterruptedException {
        return retry.call(read);
    }
}
