package dev.freshet.serving.lookup;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.catalogue.Aggregate;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.catalogue.FeatureDefinition;

/** The features of a deployment: what may be asked for, and in which form a value is told. */
public final class FeatureList {

    /** How a value is told. */
    public enum Form {
        INTEGER,
        DECIMAL,
        DATE
    }

    private final List<String> names;
    private final List<Form> forms;
    private final List<Integer> all;
    private final Map<String, Integer> indexes = new HashMap<>();

    public FeatureList(Catalogue catalogue) {
        names = catalogue.features().stream().map(FeatureDefinition::name).toList();
        forms = catalogue.features().stream()
                .map(feature -> form(feature.aggregate()))
                .toList();
        all = IntStream.range(0, names.size()).boxed().toList();
        all.forEach(index -> indexes.put(names.get(index), index));
    }

    private static Form form(Aggregate aggregate) {
        return switch (aggregate) {
            case COUNT -> Form.INTEGER;
            case SUM, AVG -> Form.DECIMAL;
            case LAST_DATE -> Form.DATE;
        };
    }

    /** In the catalogue's order. */
    public List<String> names() {
        return names;
    }

    public String name(int index) {
        return names.get(index);
    }

    public Form form(int index) {
        return forms.get(index);
    }

    /** The indexes of all of them. */
    public List<Integer> all() {
        return all;
    }

    /** The index of a name; null if there is no such feature. */
    public @Nullable Integer index(String name) {
        return indexes.get(name);
    }
}
