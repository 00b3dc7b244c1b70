package dev.freshet.schemas.catalogue;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The features of a deployment, in the order of their columns.
 *
 * @param features at least one, with distinct names, none of them one of Freshet's own columns
 */
public record Catalogue(List<FeatureDefinition> features) {

    /** Columns of user_features and of its history that are Freshet's own, and other names that no feature may take. */
    public static final Set<String> RESERVED = Set.of(
            "user_id",
            "computed_at",
            "exact_until",
            "incomplete",
            "epoch",
            "version",
            "generation",
            "removed",
            "held_from",
            // The argument of user_features_at.
            "at");

    public Catalogue {
        features = List.copyOf(features);
        if (features.isEmpty()) {
            throw new IllegalArgumentException("a catalogue needs at least one feature");
        }
        Set<String> names = new HashSet<>(RESERVED);
        for (FeatureDefinition feature : features) {
            if (!names.add(feature.name())) {
                throw new IllegalArgumentException(
                        "feature name '" + feature.name() + "' is taken twice, or is Freshet's own: choose another");
            }
        }
    }

    /** The four features of DESIGN 1.2. */
    public static Catalogue standard() {
        return new Catalogue(List.of(
                new FeatureDefinition("order_count_7d", Aggregate.COUNT, null, Duration.ofDays(7)),
                new FeatureDefinition("order_count_30d", Aggregate.COUNT, null, Duration.ofDays(30)),
                new FeatureDefinition("avg_order_value", Aggregate.AVG, "total", null),
                new FeatureDefinition("last_order_date", Aggregate.LAST_DATE, null, null)));
    }

    /** The columns of an order that some feature needs, beside created_at, in order of first use. */
    public List<String> columns() {
        return features.stream()
                .map(FeatureDefinition::column)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }
}
