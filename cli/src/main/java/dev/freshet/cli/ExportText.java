package dev.freshet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.freshet.serving.export.ExportCounts;
import dev.freshet.serving.export.ExportReport;
import dev.freshet.serving.export.ExportTimings;
import dev.freshet.serving.export.Skew;

/** What became of an export, for people and for programs. */
final class ExportText {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private ExportText() {}

    /** The result in one line, what has to be known of it, and the difference of the modes. */
    static List<String> lines(ExportReport report) {
        ExportCounts counts = report.counts();
        ExportTimings took = report.timings();
        List<String> lines = new ArrayList<>();
        lines.add("export: %s to %s".formatted(counted(report.rows(), "label", "labels"), report.out()));
        lines.add("  labels %s, extraction %s, join %s, writing %s"
                .formatted(
                        seconds(took.labels()),
                        seconds(took.extraction()),
                        seconds(took.join()),
                        seconds(took.write())));
        tell(lines, counts, ExportCounts.BAD_ROWS, "could not be understood, and have no features");
        tell(lines, counts, ExportCounts.UNKNOWN_USERS, "are of users that the source does not have");
        tell(lines, counts, ExportCounts.ABSENT, "were served no row");
        tell(lines, counts, ExportCounts.BEFORE, "are older than the first generation: what was served is empty");
        tell(lines, counts, ExportCounts.DROPPED, "are older than what the history tells: what was served is empty");
        tell(lines, counts, ExportCounts.INCOMPLETE, "were served a row that was flagged incomplete");
        long outside = counts.of(ExportCounts.ORDERS_OUTSIDE);
        if (outside > 0) {
            lines.add("  " + counted(outside, "order", "orders")
                    + " left out: years beyond 1 to 9999, or amounts of more than 1000 digits");
        }
        if (!report.textColumns().isEmpty()) {
            lines.add("  text, as not all of their numbers fit into a decimal: "
                    + String.join(", ", report.textColumns()));
        }
        skew(lines, report.skew());
        report.comparison().ifPresent(comparison -> {
            lines.add(
                    comparison.isEqual()
                            ? "repeated: the same bytes as the manifest tells"
                            : "not repeated: the bytes are not those that the manifest tells");
            comparison.differences().forEach(difference -> lines.add("  " + difference));
        });
        return lines;
    }

    private static void tell(List<String> lines, ExportCounts counts, String name, String what) {
        if (counts.of(name) > 0) {
            lines.add("  %s %s".formatted(counted(counts.of(name), "label", "labels"), what));
        }
    }

    private static void skew(List<String> lines, List<Skew> skews) {
        if (skews.isEmpty()) {
            return;
        }
        lines.add("skew, of event-time and as-served:");
        lines.add("  %-24s %12s %12s %12s %14s %12s %9s %16s"
                .formatted(
                        "feature",
                        "compared",
                        "equal",
                        "different",
                        "only computed",
                        "only served",
                        "share",
                        "mean difference"));
        for (Skew skew : skews) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-24s %,12d %,12d %,12d %,14d %,12d %8s%% %16s",
                    skew.feature(),
                    skew.compared(),
                    skew.equal(),
                    skew.different(),
                    skew.onlyEventTime(),
                    skew.onlyServed(),
                    skew.share().multiply(HUNDRED).setScale(2, RoundingMode.HALF_UP),
                    skew.meanDifference() == null ? "-" : skew.meanDifference().toPlainString()));
        }
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1_000.0);
    }

    private static String counted(long count, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : many);
    }

    /** One JSON object with the manifest's own names. */
    static String json(ExportReport report) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("out", report.out().toString());
        root.put("rows", report.rows());
        ObjectNode counts = root.putObject("counts");
        report.counts().all().forEach(counts::put);
        root.putObject("seconds")
                .put("labels", report.timings().labels().toMillis() / 1_000.0)
                .put("extraction", report.timings().extraction().toMillis() / 1_000.0)
                .put("join", report.timings().join().toMillis() / 1_000.0)
                .put("writing", report.timings().write().toMillis() / 1_000.0);
        report.textColumns().forEach(root.putArray("text_columns")::add);
        ArrayNode skews = root.putArray("skew");
        for (Skew skew : report.skew()) {
            skews.addObject()
                    .put("feature", skew.feature())
                    .put("compared", skew.compared())
                    .put("equal", skew.equal())
                    .put("different", skew.different())
                    .put("only_computed", skew.onlyEventTime())
                    .put("only_served", skew.onlyServed())
                    .put("share", skew.share())
                    .put("mean_difference", skew.meanDifference());
        }
        report.comparison().ifPresent(comparison -> {
            ObjectNode repeated = root.putObject("repeated").put("equal", comparison.isEqual());
            comparison.differences().forEach(repeated.putArray("differences")::add);
        });
        root.set("manifest", report.manifest());
        return root.toPrettyString();
    }
}
