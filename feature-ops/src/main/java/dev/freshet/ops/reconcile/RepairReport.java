package dev.freshet.ops.reconcile;

import java.util.List;

/**
 * What became of a request to repair users.
 *
 * @param asked users
 * @param replaced users of whom all is replaced in the change log, and in the table what follows from it
 * @param unanswered users whose request was taken back: no ingest took it up, or they changed all the time
 * @param refusals why others cannot be repaired
 */
public record RepairReport(int asked, int replaced, int unanswered, List<String> refusals) {
    public RepairReport {
        refusals = List.copyOf(refusals);
    }

    public boolean isComplete() {
        return replaced == asked;
    }
}
