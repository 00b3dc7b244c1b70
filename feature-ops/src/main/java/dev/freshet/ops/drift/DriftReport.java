package dev.freshet.ops.drift;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison of user_features with the truth found.
 *
 * @param compared users that are in the table, in the source, or in both
 * @param missing users of the source that the table does not have
 * @param extra users of the table that the source does not have
 * @param wrong by feature, how many complete rows have another value than the truth
 * @param incomplete rows that say of themselves that they may be wrong; their values are not compared
 * @param overdue rows that time alone should have changed by now
 * @param samples some of what was found
 */
public record DriftReport(
        long compared,
        long missing,
        long extra,
        Map<String, Long> wrong,
        long incomplete,
        long overdue,
        List<Sample> samples) {

    /**
     * One difference.
     *
     * @param user the user
     * @param feature the feature; "user_id" where a whole row is missing or extra
     * @param table the table's value as text; null for SQL NULL or no row
     * @param truth the truth as text; null for SQL NULL or no row
     */
    public record Sample(
            String user,
            String feature,
            @Nullable String table,
            @Nullable String truth) {}

    public DriftReport {
        wrong = Collections.unmodifiableMap(new LinkedHashMap<>(wrong)); // in the order of the columns
        samples = List.copyOf(samples);
    }

    /** Whether the table is the truth. Rows that admit to be incomplete are no drift, but are in the report. */
    public boolean isClean() {
        return missing == 0
                && extra == 0
                && overdue == 0
                && wrong.values().stream().allMatch(count -> count == 0);
    }
}
