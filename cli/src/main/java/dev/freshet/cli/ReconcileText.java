package dev.freshet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

import dev.freshet.ops.drift.DriftReport.Sample;
import dev.freshet.ops.reconcile.ReconcileReport;
import dev.freshet.ops.reconcile.RepairReport;

/** A report of reconcile for people and for programs. */
final class ReconcileText {
    private ReconcileText() {}

    /** The result in one line, then what differs. */
    static List<String> lines(ReconcileReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "%,d users checked: %,d missing, %,d extra, %,d wrong; %,d incomplete and not compared, %,d unverified"
                        .formatted(
                                report.checked(),
                                report.missing(),
                                report.extra(),
                                report.differing() - report.missing() - report.extra(),
                                report.incomplete(),
                                report.unverified()));
        report.wrong().forEach((feature, count) -> {
            if (count > 0) {
                lines.add("  %,d wrong in %s".formatted(count, feature));
            }
        });
        for (Sample sample : report.samples()) {
            lines.add("  user %s: %s is %s, the truth is %s"
                    .formatted(sample.user(), sample.feature(), sample.table(), sample.truth()));
        }
        return lines;
    }

    /** What became of a repair, then why some of it could not be. */
    static List<String> lines(RepairReport report) {
        List<String> lines = new ArrayList<>();
        lines.add("%,d of %,d users read anew from the source".formatted(report.replaced(), report.asked()));
        if (report.unanswered() > 0) {
            lines.add("  %,d were not answered: does ingest run?".formatted(report.unanswered()));
        }
        report.refusals().forEach(refusal -> lines.add("  " + refusal));
        return lines;
    }

    static ObjectNode json(RepairReport report) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("asked", report.asked());
        root.put("replaced", report.replaced());
        root.put("unanswered", report.unanswered());
        ArrayNode refusals = root.putArray("refusals");
        report.refusals().forEach(refusals::add);
        return root;
    }

    /** With the report's own names. */
    static ObjectNode json(ReconcileReport report) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("checked", report.checked());
        root.put("missing", report.missing());
        root.put("extra", report.extra());
        ObjectNode wrong = root.putObject("wrong");
        report.wrong().forEach(wrong::put);
        root.put("differing_users", report.differing());
        root.put("incomplete", report.incomplete());
        root.put("unverified", report.unverified());
        ArrayNode samples = root.putArray("samples");
        for (Sample sample : report.samples()) {
            samples.addObject()
                    .put("user", sample.user())
                    .put("feature", sample.feature())
                    .put("table", sample.table())
                    .put("truth", sample.truth());
        }
        return root;
    }
}
