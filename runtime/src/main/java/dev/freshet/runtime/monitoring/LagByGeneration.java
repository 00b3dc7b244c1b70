package dev.freshet.runtime.monitoring;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How many records the readers of each generation have yet to read, as one metric. Safe for use by many threads. */
public final class LagByGeneration {
    private static final String LABEL = "generation";

    private final Map<Integer, Supplier<Number>> lags = new ConcurrentHashMap<>();
    private volatile @Nullable MultiGauge gauge;

    /** @param lag of this process alone */
    public void reads(int generation, Supplier<Number> lag) {
        lags.put(generation, lag);
        tell();
    }

    public void readsNoMore(int generation) {
        lags.remove(generation);
        tell();
    }

    public void measure(MeterRegistry meters, String name, String description) {
        gauge = MultiGauge.builder(name)
                .description(description)
                .baseUnit("records")
                .register(meters);
        tell();
    }

    private synchronized void tell() {
        MultiGauge known = gauge;
        if (known == null) {
            return;
        }
        List<Row<?>> rows = lags.entrySet().stream()
                .<Row<?>>map(one -> Row.of(Tags.of(LABEL, Integer.toString(one.getKey())), one.getValue()))
                .toList();
        // Not NaN: a sum over instances would be none, either.
        known.register(rows.isEmpty() ? List.of(Row.of(Tags.of(LABEL, "none"), 0)) : rows, true);
    }
}
