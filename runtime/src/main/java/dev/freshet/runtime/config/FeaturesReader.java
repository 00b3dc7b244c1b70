package dev.freshet.runtime.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.catalogue.Aggregate;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.catalogue.FeatureDefinition;

/** Reads {@code features}: a list of {name, aggregate, column, window}; without one, the default catalogue. */
final class FeaturesReader {
    private static final String LIST = "features";

    private final Values values;
    private final Faults faults;

    FeaturesReader(Values values, Faults faults) {
        this.values = values;
        this.faults = faults;
    }

    /** Empty after a fault. */
    Optional<Catalogue> catalogue() {
        int count = values.count(LIST);
        String words = values.optional(LIST);
        if (words != null) {
            faults.add(LIST, words, "write a list of {name, aggregate, column, window}, or remove it");
            return Optional.empty();
        }
        if (count == 0) {
            return Optional.of(Catalogue.standard());
        }
        List<FeatureDefinition> features = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            feature(LIST + "." + i).ifPresent(features::add);
        }
        if (features.size() < count) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Catalogue(features));
        } catch (IllegalArgumentException e) {
            faults.add(LIST, null, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<FeatureDefinition> feature(String key) {
        String name = values.required(key + ".name", "name the column in user_features");
        Optional<Aggregate> aggregate = aggregate(key + ".aggregate");
        String column = values.optional(key + ".column");
        int before = faults.list().size();
        if (!name.isEmpty()) {
            Identifiers.checkPlain(faults, key + ".name", name);
        }
        @Nullable Duration window = values.duration(key + ".window");
        faults.require(
                window == null || FeatureDefinition.isUsable(window),
                key + ".window",
                values.optional(key + ".window"),
                "write a duration of at least a microsecond and at most "
                        + DurationText.of(FeatureDefinition.LONGEST_WINDOW) + ", or remove it for the whole past");
        if (aggregate.isEmpty() || faults.list().size() > before) {
            return Optional.empty();
        }
        try {
            return Optional.of(new FeatureDefinition(name, aggregate.get(), column, window));
        } catch (IllegalArgumentException e) {
            if (!name.isEmpty()) {
                faults.add(key, null, String.valueOf(e.getMessage()));
            }
            return Optional.empty();
        }
    }

    private Optional<Aggregate> aggregate(String key) {
        String known = Arrays.stream(Aggregate.values())
                .map(aggregate -> aggregate.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        String text = values.required(key, "write one of " + known);
        for (Aggregate aggregate : Aggregate.values()) {
            if (aggregate.name().toLowerCase(Locale.ROOT).equals(text)) {
                return Optional.of(aggregate);
            }
        }
        faults.add(key, text, "write one of " + known);
        return Optional.empty();
    }
}
