package dev.freshet.ops.reconcile;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows as texts, of the table and of the truth. */
final class Rows {
    private Rows() {}

    /**
     * A row of user_features, and how it stood to freshet_complete_through in the same statement.
     *
     * @param instant the latest instant for which both vouch
     * @param exactUntil null for never
     * @param overdue its time is over, and the table claims to be complete beyond that
     * @param values in the catalogue's order
     */
    record TableRow(
            long version,
            boolean incomplete,
            String instant,
            @Nullable String exactUntil,
            boolean overdue,
            List<@Nullable String> values) {}

    /**
     * Which build of the table, and how complete it is.
     *
     * @param lsn as a number
     * @param time source time, as text
     */
    record Build(int generation, int epoch, long lsn, String time) {
        boolean isSame(Build other) {
            return generation == other.generation && epoch == other.epoch;
        }
    }

    /** Rows by user, and the build they are of, in one snapshot of the target. */
    record TablePart(Build build, Map<String, TableRow> rows) {}

    /**
     * A user of the source.
     *
     * @param born the transaction that wrote the row of users: a user that was deleted and came back has another one
     * @param values in the catalogue's order
     */
    record TruthRow(String born, List<@Nullable String> values) {}
}
