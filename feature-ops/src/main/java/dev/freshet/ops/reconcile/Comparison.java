package dev.freshet.ops.reconcile;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

import dev.freshet.ops.drift.DriftReport.Sample;
import dev.freshet.ops.reconcile.Rows.TableRow;
import dev.freshet.ops.reconcile.Rows.TruthRow;
import dev.freshet.schemas.catalogue.Aggregate;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.catalogue.FeatureDefinition;

/** Holds a row against the truth. */
final class Comparison {
    static final String USER = "user_id";
    static final String EXACT_UNTIL = "exact_until";

    private final List<FeatureDefinition> features;

    Comparison(Catalogue catalogue) {
        features = catalogue.features();
    }

    /**
     * What differs.
     *
     * @param row null if the table has none
     * @param truth at the instant of the row; null if there is no such user
     */
    List<Sample> differences(String user, @Nullable TableRow row, @Nullable TruthRow truth) {
        if (row == null || truth == null) {
            return row == null && truth == null
                    ? List.of()
                    : List.of(new Sample(user, USER, row == null ? null : user, truth == null ? null : user));
        }
        if (row.incomplete()) {
            return List.of();
        }
        List<Sample> differences = new ArrayList<>();
        for (int i = 0; i < features.size(); i++) {
            String held = row.values().get(i);
            String right = truth.values().get(i);
            if (!isEqual(features.get(i), held, right)) {
                differences.add(new Sample(user, features.get(i).name(), held, right));
            }
        }
        if (row.overdue()) {
            differences.add(new Sample(user, EXACT_UNTIL, row.exactUntil(), "later"));
        }
        return differences;
    }

    private static boolean isEqual(FeatureDefinition feature, @Nullable String held, @Nullable String right) {
        if (Objects.equals(held, right)) {
            return true;
        }
        boolean isAmount = feature.aggregate() == Aggregate.SUM || feature.aggregate() == Aggregate.AVG;
        return held != null && right != null && isAmount && isEqualAmount(held, right);
    }

    private static boolean isEqualAmount(String held, String right) {
        try {
            return new BigDecimal(held).compareTo(new BigDecimal(right)) == 0;
        } catch (NumberFormatException e) {
            return false; // NaN or an infinity, whose texts differ
        }
    }
}
