package dev.freshet.streams;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/** How many entries of each generation's change log this process has read, as one metric. Safe for use by many threads. */
final class EntriesRead {
    private static final String CLIENTS = "consumer-fetch-manager-metrics";

    private final Map<String, Supplier<Double>> readers = new TreeMap<>();
    private final List<FunctionCounter> told = new ArrayList<>();
    private @Nullable MeterRegistry meters;

    /** @param count since the job was started; what is read twice counts twice */
    synchronized void reads(int generation, Supplier<Double> count) {
        readers.put(Integer.toString(generation), count);
        tell();
    }

    synchronized void readsNoMore(int generation) {
        readers.remove(Integer.toString(generation));
        tell();
    }

    synchronized void measure(MeterRegistry registry) {
        meters = registry;
        tell();
    }

    private void tell() {
        MeterRegistry known = meters;
        if (known == null) {
            return;
        }
        told.forEach(known::remove);
        told.clear();
        if (readers.isEmpty()) {
            told.add(counter("none", () -> 0.0, known));
        }
        readers.forEach((generation, count) -> told.add(counter(generation, count, known)));
    }

    private static FunctionCounter counter(String generation, Supplier<Double> count, MeterRegistry meters) {
        return FunctionCounter.builder("freshet.entries.read", count, Supplier::get)
                .description("Entries of a generation's change log that this process has read since it began with that")
                .tag("generation", generation)
                .register(meters);
    }

    /** What these clients have handed out, by their own metrics. */
    static double of(Map<MetricName, ? extends Metric> metrics, Predicate<String> clientId) {
        return metrics.entrySet().stream()
                .filter(entry -> entry.getKey().group().equals(CLIENTS)
                        && entry.getKey().name().equals("records-consumed-total")
                        && !entry.getKey().tags().containsKey("topic") // told for each topic too
                        && clientId.test(entry.getKey().tags().getOrDefault("client-id", "")))
                .map(entry -> entry.getValue().metricValue())
                .mapToDouble(value -> value instanceof Double count && !count.isNaN() ? count : 0)
                .sum();
    }
}
