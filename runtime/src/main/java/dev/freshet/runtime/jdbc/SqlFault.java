package dev.freshet.runtime.jdbc;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a failed statement asks us to do, by its SQLSTATE.
 *
 * @see <a href="https://www.postgresql.org/docs/17/errcodes-appendix.html">PostgreSQL error codes</a>
 */
public enum SqlFault {
    /** The server is away or out of something: open a new connection and try again until it is back. */
    WAIT,
    /** Lost against another transaction: do the transaction again, at once. */
    RETRY,
    /** A value that cannot be stored: no other row of the batch is to blame. */
    ROW,
    /** Nothing but a person can change it: say what and stop. */
    STOP;

    /** States that differ from their class. */
    private static final Map<String, SqlFault> STATES = Map.ofEntries(
            // The server turned into a standby, or we reached one: the primary is elsewhere soon.
            Map.entry("25006", WAIT),
            // The driver's: a password or TLS that the server asks for is missing.
            Map.entry("08004", STOP),
            // idle_in_transaction_session_timeout and transaction_timeout ended the session, not the work.
            Map.entry("25P03", WAIT),
            Map.entry("25P04", WAIT),
            // lock_timeout ran out: somebody else holds the lock for now.
            Map.entry("55P03", RETRY),
            // object_in_use: the slot or the row type is held by a session that is about to end.
            Map.entry("55006", RETRY),
            // A single value is too large for an index row or a page.
            Map.entry("54000", ROW));

    /** By the first two characters of the state. */
    private static final Map<String, SqlFault> CLASSES = Map.ofEntries(
            // connection exception
            Map.entry("08", WAIT),
            // insufficient resources: disk full, out of memory, too many connections
            Map.entry("53", WAIT),
            // operator intervention: shutdown, crash recovery, cannot connect now, canceled by statement_timeout
            Map.entry("57", WAIT),
            // system error outside of PostgreSQL: an I/O error
            Map.entry("58", WAIT),
            // transaction rollback: serialization failure, deadlock
            Map.entry("40", RETRY),
            // data exception: out of range, invalid text
            Map.entry("22", ROW),
            // integrity constraint violation
            Map.entry("23", ROW),
            // invalid authorization: role, password, pg_hba.conf
            Map.entry("28", STOP),
            // the database, or the schema, does not exist
            Map.entry("3D", STOP),
            Map.entry("3F", STOP),
            // syntax error, missing table or column, missing privilege
            Map.entry("42", STOP));

    /** Never null: what is listed nowhere is a reason to stop, because nobody thought of it. */
    public static SqlFault of(SQLException failure) {
        String state = failure.getSQLState();
        if (state == null || state.length() != 5) {
            return isFromNetwork(failure) ? WAIT : STOP;
        }
        if (state.startsWith("08") && (isOfHostName(failure) || isFromCertificate(failure))) {
            return STOP;
        }
        SqlFault listed = STATES.get(state);
        return listed != null ? listed : CLASSES.getOrDefault(state.substring(0, 2), STOP);
    }

    /** True if waiting or doing it again may help: {@link #WAIT} or {@link #RETRY}. For {@link dev.freshet.runtime.retry.Retry}. */
    public static boolean isPassing(Exception failure) {
        if (!(failure instanceof SQLException sql)) {
            return false;
        }
        SqlFault fault = of(sql);
        return fault == WAIT || fault == RETRY;
    }

    /** A certificate or a key, the server's or ours, is not what it has to be: to the driver a connection that failed. */
    private static boolean isFromCertificate(Throwable failure) {
        @Nullable Throwable cause = failure;
        while (cause != null) {
            if (cause instanceof GeneralSecurityException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** The certificate is another host's: pgjdbc has no state and no cause for it, but this word in whatever language. */
    private static boolean isOfHostName(SQLException failure) {
        return String.valueOf(failure.getMessage()).contains("hostnameverifier");
    }

    private static boolean isFromNetwork(Throwable failure) {
        @Nullable Throwable cause = failure;
        while (cause != null) {
            if (cause instanceof IOException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
