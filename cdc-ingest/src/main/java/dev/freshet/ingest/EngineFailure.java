package dev.freshet.ingest;

import java.sql.SQLException;

import dev.freshet.ingest.capture.IdentityLostException;
import dev.freshet.ingest.capture.ResendMismatchException;
import dev.freshet.ingest.capture.TableChangedException;
import dev.freshet.runtime.lifecycle.Stop;

/** What a failure of the engine, or of our part in it, means for the process. */
final class EngineFailure {
    private EngineFailure() {}

    /** @param newGeneration what an operator runs to have the source read anew */
    static Stop stop(Throwable failure, String newGeneration) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Stop stop) {
                return stop;
            }
            if (cause instanceof IdentityLostException
                    || cause instanceof TableChangedException
                    || cause instanceof ResendMismatchException) {
                return new Stop.Operator(String.valueOf(cause.getMessage()), newGeneration, failure);
            }
            if (cause instanceof SQLException sql && isForAPerson(sql)) {
                return new Stop.Operator(
                        "the source refuses: " + sql.getMessage() + " (SQLSTATE " + sql.getSQLState() + ")",
                        "Put it right and start ingest again.",
                        failure);
            }
        }
        return new Stop.Restart("the engine ended: " + root(failure), failure);
    }

    /** No login, no privilege, no table. What else there may be, the next start looks at: it knows the slot's state. */
    private static boolean isForAPerson(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && (state.startsWith("28") || state.startsWith("42"));
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
