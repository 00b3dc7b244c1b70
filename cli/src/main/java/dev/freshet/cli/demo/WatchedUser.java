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
        /** A change of this user has been committed that is not in the table yet: seen in each of the looks so far. */
        ON_ITS_WAY,
        /** Longer on its way than it may be. */
        DIFFERENT,
        /** Neither in the table nor in the source any more. */
        GONE
    }

    WatchedUser with(Verdict other) {
        return new WatchedUser(user, computedAt, table, truth, other);
    }
}
