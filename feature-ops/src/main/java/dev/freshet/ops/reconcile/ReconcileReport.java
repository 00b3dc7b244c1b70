package dev.freshet.ops.reconcile;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.freshet.ops.drift.DriftReport.Sample;

/**
 * What a comparison under traffic found.
 *
 * @param checked users that are in the source, in the table, or in both
 * @param missing users of the source that the table does not have
 * @param extra users of the table that the source does not have
 * @param wrong by feature, how many complete rows have another value than the truth; under {@code exact_until}, those that time
 *     alone should have changed by now
 * @param incomplete rows that say of themselves that they may be wrong; their values are not compared
 * @param unverified users that seemed to differ, and changed too often, or could not be waited for, to be sure
 * @param samples some of what was found
 * @param differing users that are missing, extra or wrong
 * @param users these, in no order; none where they were only counted
 */
public record ReconcileReport(
        long checked,
        long missing,
        long extra,
        Map<String, Long> wrong,
        long incomplete,
        long unverified,
        List<Sample> samples,
        long differing,
        List<String> users) {

    public ReconcileReport {
        wrong = Collections.unmodifiableMap(new LinkedHashMap<>(wrong)); // in the order of the columns
        samples = List.copyOf(samples);
        users = List.copyOf(users);
    }

    /** Whether no difference was found; what is unverified or incomplete is none. */
    public boolean isClean() {
        return differing == 0;
    }
}
