package dev.freshet.e2e.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What came out: progress while it is measured, figures at the end. */
final class Report {
    private final Values values = new Values();
    private final List<String> failures = new ArrayList<>();
    private final PrintWriter progress;
    private final double loadAverage = Machine.loadAverage();

    /** @param progress for people who wait */
    Report(PrintWriter progress) {
        this.progress = progress;
    }

    void progress(String line) {
        progress.println("bench: " + line);
        progress.flush();
    }

    void measured(Figure figure, Values measured) {
        values.addAll(measured);
        measured.figures().forEach((name, value) -> progress(figure + ": " + name + " " + text(value)));
    }

    /** What was measured does not count. */
    void failed(Figure figure, Exception reason) {
        failures.add(figure + ": " + reason);
        progress(figure + " does not count: " + reason);
    }

    boolean allCount() {
        return failures.isEmpty();
    }

    void table(PrintWriter out) {
        figures().forEach((name, value) -> out.printf(Locale.ROOT, "%-40s %14s%n", name, text(value)));
        failures.forEach(failure -> out.println("does not count: " + failure));
    }

    private Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>(values.figures());
        Ratios.of(figures, figures::put);
        return figures;
    }

    /** On one line. */
    String json(BenchOptions options) {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        root.set("machine", mapper.valueToTree(Machine.here()));
        root.put("loadAverageBefore", loadAverage).put("loadAverageAfter", Machine.loadAverage());
        root.set("settings", settings(mapper, options));
        ObjectNode figures = root.putObject("figures");
        figures().forEach((name, value) -> figures.put(name, rounded(value)));
        ObjectNode runs = root.putObject("runs");
        values.ofRuns().forEach((name, ofRuns) -> {
            ArrayNode array = runs.putArray(name);
            ofRuns.forEach(value -> array.add(rounded(value)));
        });
        ArrayNode failed = root.putArray("failures");
        failures.forEach(failed::add);
        return root.toString();
    }

    private static ObjectNode settings(ObjectMapper mapper, BenchOptions options) {
        ObjectNode settings = mapper.createObjectNode()
                .put("scale", options.scale())
                .put("runs", options.runs())
                .put("users", options.users())
                .put("orders", options.orders())
                .put("burst", options.burst())
                .put("loadRate", Visibility.RATE)
                .put("loadWriters", Load.WRITERS)
                .put("loadRowsPerCommit", Load.ROWS_PER_COMMIT)
                .put("partitions", Deployment.PARTITIONS)
                .put("jvmOptions", String.join(" ", Deployment.jvmOptions()))
                .put("fsync", true); // no run begins without
        ArrayNode measured = settings.putArray("measured");
        options.only().stream().sorted().forEach(figure -> measured.add(figure.toString()));
        return settings;
    }

    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.4g", value));
    }

    private static String text(double value) {
        return value >= 1_000
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, value >= 100 ? "%.1f" : "%.3f", value);
    }
}
