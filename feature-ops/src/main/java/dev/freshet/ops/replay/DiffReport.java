package dev.freshet.ops.replay;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How two generations differ.
 *
 * @param compared users that are in either
 * @param missing users of the first that the second does not have
 * @param extra users that only the second has
 * @param differing users whose values differ
 * @param unsettled users that changed each time they were looked at, so that nothing can be said of them
 */
public record DiffReport(
        long compared, long missing, long extra, Differing differing, long unsettled, List<Sample> samples) {

    /**
     * @param users that differ in some feature
     * @param byFeature how many users differ in each; under "incomplete" those whose row is so only in the second
     */
    public record Differing(long users, Map<String, Long> byFeature) {
        public Differing {
            byFeature = Collections.unmodifiableMap(new LinkedHashMap<>(byFeature)); // in the order of the columns
        }
    }

    /**
     * One difference.
     *
     * @param feature "user_id" where a whole row is missing or extra
     * @param live the value in the one that readers see; null for SQL NULL or no row
     * @param other the value in the other one
     */
    public record Sample(
            String user,
            String feature,
            @Nullable String live,
            @Nullable String other) {}

    public DiffReport {
        samples = List.copyOf(samples);
    }

    /** Users that are not the same in both. */
    public long differences() {
        return missing + extra + differing.users();
    }

    /** Those that differ or may, nobody knows, as a share of all users: from 0 to 1. */
    public double doubtfulShare() {
        return compared == 0 ? 0 : (double) (differences() + unsettled) / compared;
    }
}
