package dev.freshet.e2e.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured, by name: numbers of which each run yields one, and samples of which it yields many. */
final class Values {
    private final Map<String, List<Double>> ofRuns = new LinkedHashMap<>();
    private final Map<String, List<Double>> samples = new LinkedHashMap<>();

    void add(String name, double value) {
        ofRuns.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }

    void addSamples(String name, List<Double> values) {
        samples.computeIfAbsent(name, key -> new ArrayList<>()).addAll(values);
    }

    void addAll(Values others) {
        others.ofRuns.forEach((name, values) -> values.forEach(value -> add(name, value)));
        others.samples.forEach(this::addSamples);
    }

    Map<String, List<Double>> ofRuns() {
        return Collections.unmodifiableMap(ofRuns);
    }

    /** The median of each number; of samples p50, p99, the highest and how many they are. */
    Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        ofRuns.forEach((name, values) -> figures.put(name, quantile(values, 0.5)));
        samples.forEach((name, values) -> {
            figures.put(name + "P50", quantile(values, 0.5));
            figures.put(name + "P99", quantile(values, 0.99));
            figures.put(name + "Max", Collections.max(values));
            figures.put(name + "Samples", (double) values.size());
        });
        return figures;
    }

    /** Between two values when there is none in the middle. */
    private static double quantile(List<Double> values, double share) {
        List<Double> sorted = values.stream().sorted().toList();
        double place = share * (sorted.size() - 1);
        double below = sorted.get((int) Math.floor(place));
        double above = sorted.get((int) Math.ceil(place));
        return below + (above - below) * (place - Math.floor(place));
    }
}
