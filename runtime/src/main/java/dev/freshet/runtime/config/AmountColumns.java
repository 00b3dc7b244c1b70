package dev.freshet.runtime.config;

import java.util.Map;

import dev.freshet.schemas.catalogue.FeatureDefinition;

/**
 * The columns of an order that features name.
 *
 * @param columns by the name that features use, the source's column, where the two differ
 * @param scales by the name that features use, how many digits of the source's integer stand behind the point: 2 for cents
 */
public record AmountColumns(Map<String, String> columns, Map<String, Integer> scales) {
    /** Every column under its own name, in whole units. */
    public static final AmountColumns PLAIN = new AmountColumns(Map.of(), Map.of());

    private static final int MAX_SCALE = 18;

    public AmountColumns {
        columns = Map.copyOf(columns);
        scales = Map.copyOf(scales);
        Faults faults = new Faults();
        columns.forEach((logical, column) -> {
            String key = "source.orders.columns." + logical;
            Identifiers.check(faults, key, column);
            checkLogical(faults, key, logical, column);
        });
        scales.forEach((logical, scale) -> {
            String key = "source.orders.scale." + logical;
            faults.require(scale >= 0 && scale <= MAX_SCALE, key, scale, "write a number from 0 to " + MAX_SCALE);
            checkLogical(faults, key, logical, scale);
        });
        faults.throwIfAny();
    }

    private static void checkLogical(Faults faults, String key, String logical, Object value) {
        faults.require(
                FeatureDefinition.NAME.matcher(logical).matches(),
                key,
                value,
                "features can only name columns of the form " + FeatureDefinition.NAME);
    }
}
