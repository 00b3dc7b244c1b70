package dev.freshet.serving.export;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an export met, each by the name that it has in the manifest, in the order in which it was counted.
 *
 * @param all every count, also zeros
 */
public record ExportCounts(Map<String, Long> all) {
    /** Rows of the labels. */
    public static final String LABELS = "labels";
    /** Of these, those that could not be understood. */
    public static final String BAD_ROWS = "bad_rows";
    /** Of these, those whose user the source does not have. */
    public static final String UNKNOWN_USERS = "labels_of_unknown_users";
    /** Orders that were read. */
    public static final String ORDERS = "orders_read";
    /** Orders that count for no feature, because their time or amount is outside of what is computed with. */
    public static final String ORDERS_OUTSIDE = "orders_outside_domain";
    /** Versions that were read. */
    public static final String VERSIONS = "versions_read";
    /** Labels at which readers saw a row. */
    public static final String SERVED = "served";
    /** Of these, those whose user was flagged incomplete. */
    public static final String INCOMPLETE = "served_incomplete";
    /** Labels at which readers saw no row. */
    public static final String ABSENT = "no_row_served";
    /** Labels before the first generation was live. */
    public static final String BEFORE = "before_first_generation";
    /** Labels of which the history tells nothing any more. */
    public static final String DROPPED = "dropped_from_history";

    public ExportCounts {
        all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
    }

    /** 0 for what was not counted. */
    public long of(String name) {
        return all.getOrDefault(name, 0L);
    }
}
