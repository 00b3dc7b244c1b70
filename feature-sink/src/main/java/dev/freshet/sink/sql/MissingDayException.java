package dev.freshet.sink.sql;

import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import dev.freshet.schemas.Names;

/** The history has no partition for the day that the target's clock shows: make it, and write again. */
public final class MissingDayException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String CHECK_VIOLATION = "23514";

    MissingDayException(SQLException cause) {
        super(cause.getMessage(), cause);
    }

    /** A constraint that a row breaks has the same SQLSTATE, but another table. */
    static boolean isReasonOf(SQLException failure) {
        ServerErrorMessage message = failure instanceof PSQLException e ? e.getServerErrorMessage() : null;
        return message != null
                && CHECK_VIOLATION.equals(message.getSQLState())
                && Names.HISTORY.equals(message.getTable());
    }
}
