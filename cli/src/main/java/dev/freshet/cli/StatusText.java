package dev.freshet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.ops.status.StatusReport;
import dev.freshet.ops.status.StatusReport.GenerationStatus;
import dev.freshet.ops.status.StatusReport.SlotStatus;
import dev.freshet.ops.status.StatusReport.TableStatus;
import dev.freshet.runtime.generation.Generation;

/** A status for people and for programs. */
final class StatusText {
    private static final double MEGABYTE = 1e6;

    private StatusText() {}

    static List<String> lines(StatusReport report) {
        List<String> lines = new ArrayList<>();
        report.unreachable().forEach(server -> lines.add(server.server() + " cannot be asked: " + server.reason()));
        report.generations().forEach(generation -> add(lines, generation));
        if (report.generations().isEmpty() && isReachable(report, "target")) {
            lines.add("no generation has been begun");
        }
        for (SlotStatus slot : report.slots()) {
            lines.add("slot %s: %s, %s, the source keeps %.1f MB for it, of which %.1f MB are not in the change log yet"
                    .formatted(
                            slot.name(),
                            slot.active() ? "an ingest reads it" : "nobody reads it",
                            slot.walStatus(),
                            slot.retainedBytes() / MEGABYTE,
                            slot.behindBytes() / MEGABYTE));
        }
        if (report.slots().isEmpty() && isReachable(report, "source")) {
            lines.add("there is no replication slot");
        }
        if (report.deadLetters() != null) {
            lines.add("dead letters: %,d".formatted(report.deadLetters()));
        }
        return lines;
    }

    private static boolean isReachable(StatusReport report, String server) {
        return report.unreachable().stream()
                .noneMatch(unreachable -> unreachable.server().equals(server));
    }

    private static void add(List<String> lines, GenerationStatus status) {
        Generation generation = status.generation();
        lines.add("generation %d: %s, epoch %d, change log %d%s"
                .formatted(
                        generation.number(),
                        generation.state().text(),
                        generation.epoch(),
                        generation.log().number(),
                        generation.note().isEmpty() ? "" : " (" + generation.note() + ")"));
        TableStatus table = status.table();
        if (table != null) {
            lines.add("  %s%,d rows, %,d incomplete; %,d entries wait for their user, %,d are lost"
                    .formatted(
                            table.estimated() ? "about " : "",
                            table.rows(),
                            table.incomplete(),
                            table.waiting(),
                            table.lost()));
            if (generation.state().isFed()) {
                lines.add(
                        table.ageSeconds() == null
                                ? "  not complete yet"
                                : "  complete to %s, %.2f s ago".formatted(table.lsn(), table.ageSeconds()));
            }
        }
        if (status.streamsLag() != null || status.sinkLag() != null) {
            lines.add("  streams is " + entries(status.streamsLag()) + " behind, the sink " + entries(status.sinkLag())
                    + " behind");
        }
    }

    private static String entries(@Nullable Long lag) {
        return lag == null ? "an unknown number of entries" : "%,d %s".formatted(lag, lag == 1 ? "entry" : "entries");
    }

    /** One JSON object; what is unknown is null. */
    static String json(StatusReport report) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        ArrayNode generations = root.putArray("generations");
        for (GenerationStatus status : report.generations()) {
            ObjectNode node = generations
                    .addObject()
                    .put("generation", status.generation().number())
                    .put("state", status.generation().state().text())
                    .put("epoch", status.generation().epoch())
                    .put("log", status.generation().log().number())
                    .put("note", status.generation().note())
                    .put("streams_lag", status.streamsLag())
                    .put("sink_lag", status.sinkLag());
            TableStatus table = status.table();
            if (table == null) {
                node.putNull("table");
            } else {
                node.putObject("table")
                        .put("rows", table.rows())
                        .put("estimated", table.estimated())
                        .put("incomplete", table.incomplete())
                        .put("waiting", table.waiting())
                        .put("lost", table.lost())
                        .put("complete_through_lsn", table.lsn())
                        .put("age_seconds", table.ageSeconds());
            }
        }
        ArrayNode slots = root.putArray("slots");
        for (SlotStatus slot : report.slots()) {
            slots.addObject()
                    .put("name", slot.name())
                    .put("active", slot.active())
                    .put("wal_status", slot.walStatus())
                    .put("retained_bytes", slot.retainedBytes())
                    .put("behind_bytes", slot.behindBytes());
        }
        root.put("dead_letters", report.deadLetters());
        ArrayNode unreachable = root.putArray("unreachable");
        report.unreachable()
                .forEach(server ->
                        unreachable.addObject().put("server", server.server()).put("reason", server.reason()));
        return root.toPrettyString();
    }
}
