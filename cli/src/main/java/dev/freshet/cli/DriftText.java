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
        String incomplete = report.incomplete() == 0
                ? ""
                : "; " + counted(report.incomplete(), "incomplete row", "incomplete rows") + " not compared";
        lines.add("drift check: " + counted(report.compared(), "user", "users") + " compared with the truth, "
                + counted(differences(report), "difference", "differences") + incomplete);
        count(lines, "user without a row", "users without a row", report.missing());
        count(lines, "row without a user", "rows without a user", report.extra());
        count(lines, "row behind its time", "rows behind their time", report.overdue());
        report.wrong()
                .forEach((feature, count) ->
                        count(lines, "wrong value of " + feature, "wrong values of " + feature, count));
        for (DriftReport.Sample sample : report.samples()) {
            lines.add("  user %s: %s is %s, the truth is %s"
                    .formatted(sample.user(), sample.feature(), value(sample.table()), value(sample.truth())));
        }
        return lines;
    }

    private static void count(List<String> lines, String one, String many, long count) {
        if (count > 0) {
            lines.add("  " + counted(count, one, many));
        }
    }

    private static String counted(long count, String one, String many) {
        return "%,d %s".formatted(count, count == 1 ? one : many);
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
