package dev.freshet.cli.demo;

import java.util.List;

/**
 * A user's row of the table beside the truth at its computed_at, read in one statement.
 *
 * @param table the row's values as text; all empty without a row
 * @param truth the truth's values as text; all empty without a user
 */
record WatchedUser(long user, String computedAt, List<String> table, List<String> truth, Verdict verdict) {

    /** What the comparison says. */
    enum Verdict {
        EQUAL,
        /**
         * Not equal in any of the looks: the source was ahead of the table each time. While changes go on, this cannot be
         * told from a fault; the comparison at the end, when they have stopped, can.
         */
        ON_ITS_WAY,
        /** Neither in the table nor in the source any more. */
        GONE
    }
}
