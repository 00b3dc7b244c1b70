package dev.freshet.runtime.monitoring;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A number of records for each generation that this process reads, as one metric. Safe for use by many threads. */
public final class ByGeneration {
    private static final String LABEL = "generation";

    /** Not NaN: a sum over instances would be none, either. */
    private static final Supplier<Number> NOTHING = () -> 0;

    /** Registers the number of one generation. */
    @FunctionalInterface
    private interface Kind {
        Meter register(Supplier<Number> number, Tags generation);
    }

    private final Map<Integer, Supplier<Number>> numbers = new TreeMap<>();
    private final List<Meter> told = new ArrayList<>();
    private @Nullable MeterRegistry meters;
    private @Nullable Kind kind;

    /** @param number of this process alone */
    public synchronized void reads(int generation, Supplier<Number> number) {
        numbers.put(generation, number);
        tell();
    }

    public synchronized void readsNoMore(int generation) {
        numbers.remove(generation);
        tell();
    }

    /** Tells how many there are. */
    public void gauge(MeterRegistry registry, String name, String description) {
        tellBy(registry, (number, generation) -> Gauge.builder(name, number)
                .description(description)
                .baseUnit("records")
                .tags(generation)
                .register(registry));
    }

    /** Tells how many there have been. */
    public void counter(MeterRegistry registry, String name, String description) {
        tellBy(registry, (number, generation) -> FunctionCounter.builder(
                        name, number, count -> count.get().doubleValue())
                .description(description)
                .tags(generation)
                .register(registry));
    }

    private synchronized void tellBy(MeterRegistry registry, Kind as) {
        meters = registry;
        kind = as;
        tell();
    }

    private void tell() {
        MeterRegistry known = meters;
        Kind as = kind;
        if (known == null || as == null) {
            return;
        }
        told.forEach(known::remove);
        told.clear();
        if (numbers.isEmpty()) {
            told.add(as.register(NOTHING, Tags.of(LABEL, "none")));
        }
        numbers.forEach(
                (generation, number) -> told.add(as.register(number, Tags.of(LABEL, Integer.toString(generation)))));
    }
}
