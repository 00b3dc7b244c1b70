package dev.freshet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.ops.drift.DriftReport;

/** A drift report for people and for programs. */
public final class DriftText {
    private DriftText() {}

    /** How many differences a report counts: rows too many or too few, rows behind their time, and wrong values. */
    public static long differences(DriftReport report) {
        return report.missing()
                + report.extra()
                + report.overdue()
                + report.wrong().values().stream().mapToLong(Long::longValue).sum();
    }

    /** The result in one line, then what differs. */
    public static List<String> lines(DriftReport report) {
        List<String> lines = new ArrayList<>();
        lines.add("drift check: %,d users compared with the truth, %,d differences"
                .formatted(report.compared(), differences(report)));
        count(lines, "users without a row", report.missing());
        count(lines, "rows without a user", report.extra());
        count(lines, "rows behind their time", report.overdue());
        report.wrong().forEach((feature, count) -> count(lines, "wrong values of " + feature, count));
        count(lines, "rows marked incomplete, which are not compared", report.incomplete());
        for (DriftReport.Sample sample : report.samples()) {
            lines.add("  user %s: %s is %s, the truth is %s"
                    .formatted(sample.user(), sample.feature(), value(sample.table()), value(sample.truth())));
        }
        return lines;
    }

    private static void count(List<String> lines, String what, long count) {
        if (count > 0) {
            lines.add("  %,d %s".formatted(count, what));
        }
    }

    private static String value(@Nullable String value) {
        return value == null ? "NULL" : value;
    }

    /** One JSON object with the report's own names. */
    public static String json(DriftReport report) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("compared", report.compared());
        root.put("differences", differences(report));
        root.put("missing", report.missing());
        root.put("extra", report.extra());
        root.put("overdue", report.overdue());
        root.put("incomplete", report.incomplete());
        ObjectNode wrong = root.putObject("wrong");
        report.wrong().forEach(wrong::put);
        ArrayNode samples = root.putArray("samples");
        for (DriftReport.Sample sample : report.samples()) {
            samples.addObject()
                    .put("user", sample.user())
                    .put("feature", sample.feature())
                    .put("table", sample.table())
                    .put("truth", sample.truth());
        }
        return root.toPrettyString();
    }
}
