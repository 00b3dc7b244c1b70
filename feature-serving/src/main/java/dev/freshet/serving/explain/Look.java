package dev.freshet.serving.explain;

import java.util.List;

/** The table's row, and then the source, seen once. */
record Look(Explanation.Table table, Recomputation source, List<ExplainedFeature> features) {
    Look(Explanation.Table table, Recomputation source) {
        this(table, source, source.features(table.row()));
    }

    /** Whether there is nothing of the user on either side. */
    boolean isOfNobody() {
        return table.row() == null && !source.moment().hasUser();
    }

    boolean agrees() {
        return (table.row() != null) == source.moment().hasUser()
                && features.stream().allMatch(ExplainedFeature::agrees);
    }

    /** Whether neither side has changed since: the same row, and at its instant the same values. */
    boolean isAsBefore(Look before) {
        HeldRow row = table.row();
        HeldRow then = before.table.row();
        return source.moment().hasUser() == before.source.moment().hasUser()
                && (row == null ? then == null : row.equals(then) && features.equals(before.features));
    }
}
