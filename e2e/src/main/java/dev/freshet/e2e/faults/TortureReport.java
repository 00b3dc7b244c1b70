package dev.freshet.e2e.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.runtime.time.Time;

/** What has struck, and what was found: progress while it runs, and the sums at the end. */
final class TortureReport {
    private final PrintWriter progress;
    private final Time time;
    private final long began;
    private final Map<String, int[]> faults = new TreeMap<>();
    private final Map<String, Long> sums = new LinkedHashMap<>();
    private final List<String> findings = new ArrayList<>();
    private final List<Double> secondsUntilReady = new ArrayList<>();
    private long roundBegan;

    /** @param progress for people who wait */
    TortureReport(PrintWriter progress, Time time) {
        this.progress = progress;
        this.time = time;
        began = time.nanoTime();
        for (String name : List.of(
                "rounds",
                "kills",
                "tablesCompared",
                "rowsOfThemCompared",
                "rowsReadAndCompared",
                "rowsReadInDoubt",
                "reads",
                "readsWhileAway",
                "transactions",
                "transactionsFailed")) {
            sums.put(name, 0L);
        }
    }

    void progress(String line) {
        progress.println("torture: " + line);
        progress.flush();
    }

    void begins(int round, Round.Plan plan) {
        roundBegan = time.nanoTime();
        progress("#" + round + " " + plan);
    }

    void ended(int round, Round.Plan plan, Outcome outcome) {
        add("rounds", 1);
        add("tablesCompared", 1);
        add("rowsOfThemCompared", outcome.rowsCompared());
        if (!outcome.struck().isEmpty()) {
            secondsUntilReady.add(outcome.back().toMillis() / 1e3);
        }
        outcome.struck().forEach(fault -> count(fault, plan.phase(), 0));
        outcome.missed().forEach(missed -> {
            count(missed.fault(), plan.phase(), 1);
            progress("#" + round + " " + missed);
        });
        outcome.findings().forEach(finding -> found(round, finding));
        progress("#%d %s, %d rows compared, %.1f s"
                .formatted(
                        round,
                        outcome.findings().isEmpty()
                                ? "nothing found"
                                : outcome.findings().size() + " FINDINGS",
                        outcome.rowsCompared(),
                        (time.nanoTime() - roundBegan) / 1e9));
    }

    void failed(int round, Round.Plan plan, Exception reason) {
        add("rounds", 1);
        found(round, plan + ": " + reason);
    }

    private void found(int round, String finding) {
        findings.add("#" + round + " " + finding);
        progress("#" + round + " FOUND: " + finding);
    }

    private void count(Fault fault, Phase phase, int which) {
        String name = fault + (phase == Phase.STREAMING ? "" : " in " + phase);
        faults.computeIfAbsent(name, none -> new int[2])[which]++;
    }

    /** Takes over what a bed has counted, at its end. */
    void counts(Bed bed) {
        add("kills", bed.processes().kills());
        add("rowsReadAndCompared", bed.watch().rowsCompared());
        add("rowsReadInDoubt", bed.watch().rowsInDoubt());
        add("reads", bed.watch().reads());
        add("readsWhileAway", bed.watch().outages());
        add("transactions", bed.load().transactions());
        add("transactionsFailed", bed.load().failures());
    }

    private void add(String name, long more) {
        sums.merge(name, more, Long::sum);
    }

    boolean isClean() {
        return findings.isEmpty();
    }

    void table(PrintWriter out) {
        faults.forEach(
                (name, count) -> out.printf(Locale.ROOT, "%-40s %6d struck %6d missed%n", name, count[0], count[1]));
        sums.forEach((name, sum) -> out.printf(Locale.ROOT, "%-40s %,14d%n", name, sum));
        out.printf(Locale.ROOT, "%-40s %,14.1f%n", "secondsUntilReadyMedian", secondsUntilReady(0.5));
        out.printf(Locale.ROOT, "%-40s %,14.1f%n", "secondsUntilReadyMax", secondsUntilReady(1));
        findings.forEach(finding -> out.println("found: " + finding));
        out.println(findings.isEmpty() ? "nothing was found" : findings.size() + " findings");
    }

    private double secondsUntilReady(double quantile) {
        List<Double> sorted = secondsUntilReady.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.round(quantile * (sorted.size() - 1)));
    }

    /** On one line. */
    String json(TortureOptions options) {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode()
                .put("seed", options.seed())
                .put("seconds", Math.round((time.nanoTime() - began) / 1e9));
        sums.forEach(root::put);
        root.put("secondsUntilReadyMedian", secondsUntilReady(0.5));
        root.put("secondsUntilReadyMax", secondsUntilReady(1));
        ObjectNode counts = root.putObject("faults");
        faults.forEach(
                (name, count) -> counts.putObject(name).put("struck", count[0]).put("missed", count[1]));
        ArrayNode found = root.putArray("findings");
        findings.forEach(found::add);
        return root.toString();
    }
}
