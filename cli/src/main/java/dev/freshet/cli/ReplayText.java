package dev.freshet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

import dev.freshet.cli.demo.Bar;
import dev.freshet.ops.replay.BuildProgress;
import dev.freshet.ops.replay.DiffReport;
import dev.freshet.ops.replay.GenerationList;
import dev.freshet.runtime.generation.Generation;

/** What the commands of a replay say, for people and for programs. */
final class ReplayText {
    private ReplayText() {}

    static String turned(Generation live) {
        return "readers see generation " + live.number() + ", epoch " + live.epoch();
    }

    /** @param rate entries in a second */
    static String progress(BuildProgress now, double rate) {
        String line = "generation " + now.generation() + " " + Bar.of(now.fraction()) + " " + stage(now.stage());
        if (now.isComplete()) {
            return line;
        }
        line += ": %,d of %,d".formatted(now.done(), now.total());
        if (rate < 1) {
            return line;
        }
        Duration left = Duration.ofSeconds((long) ((now.total() - now.done()) / rate));
        return line + ", %,.0f/s, %s left".formatted(rate, text(left));
    }

    private static String stage(BuildProgress.Stage stage) {
        return switch (stage) {
            case WAITING -> "waiting for streams";
            case READING -> "reading the log";
            case WRITING -> "writing the table";
            case CATCHING_UP, COMPLETE -> "complete";
        };
    }

    private static String text(Duration left) {
        return left.toHours() > 0
                ? "%dh %02dm".formatted(left.toHours(), left.toMinutesPart())
                : left.toMinutes() > 0
                        ? "%dm %02ds".formatted(left.toMinutes(), left.toSecondsPart())
                        : left.toSeconds() + "s";
    }

    static List<String> lines(List<GenerationList.Entry> entries, List<BuildProgress> builds) {
        List<String> lines = new ArrayList<>();
        for (GenerationList.Entry entry : entries) {
            Generation generation = entry.generation();
            String line = "generation %d  %-9s  epoch %d  log g%d  begun %s"
                    .formatted(
                            generation.number(),
                            generation.state().text(),
                            generation.epoch(),
                            generation.log().number(),
                            entry.createdAt());
            line += entry.lsn() == null ? "" : "  complete through " + entry.lsn() + " of " + entry.sourceTime();
            lines.add(line + (generation.note().isEmpty() ? "" : "  (" + generation.note() + ")"));
            builds.stream()
                    .filter(build -> build.generation() == generation.number())
                    .forEach(build -> lines.add("  " + progress(build, 0)));
        }
        return entries.isEmpty() ? List.of("no generation yet: ingest begins the first one") : lines;
    }

    static String json(List<GenerationList.Entry> entries, List<BuildProgress> builds) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        ArrayNode generations = root.putArray("generations");
        for (GenerationList.Entry entry : entries) {
            Generation generation = entry.generation();
            ObjectNode node = generations
                    .addObject()
                    .put("generation", generation.number())
                    .put("state", generation.state().text())
                    .put("epoch", generation.epoch())
                    .put("log", generation.log().number())
                    .put("note", generation.note())
                    .put("created_at", entry.createdAt().toString())
                    .put("live_at", string(entry.liveAt()))
                    .put("lsn", entry.lsn())
                    .put("source_time", string(entry.sourceTime()));
            builds.stream()
                    .filter(build -> build.generation() == generation.number())
                    .forEach(build -> node.putObject("build")
                            .put("stage", build.stage().name().toLowerCase(Locale.ROOT))
                            .put("done", build.done())
                            .put("total", build.total())
                            .put("complete", build.isComplete())
                            .put("obstacle", build.obstacle()));
        }
        return root.toPrettyString();
    }

    private static @Nullable String string(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    static List<String> lines(Generation live, Generation other, DiffReport report) {
        List<String> lines = new ArrayList<>();
        lines.add("generation %d and generation %d: %,d users compared, %,d differ"
                .formatted(live.number(), other.number(), report.compared(), report.differences()));
        count(lines, "users only in generation " + live.number(), report.missing());
        count(lines, "users only in generation " + other.number(), report.extra());
        report.differing().byFeature().forEach((feature, count) -> count(lines, "users differ in " + feature, count));
        count(lines, "users changed at every look, and nothing is said of them", report.unsettled());
        for (DiffReport.Sample one : report.samples()) {
            lines.add("  user %s: %s is %s in generation %d, and %s in generation %d"
                    .formatted(
                            one.user(),
                            one.feature(),
                            one.live() == null ? "NULL" : one.live(),
                            live.number(),
                            one.other() == null ? "NULL" : one.other(),
                            other.number()));
        }
        return lines;
    }

    private static void count(List<String> lines, String what, long count) {
        if (count > 0) {
            lines.add("  %,d %s".formatted(count, what));
        }
    }

    static String json(Generation live, Generation other, DiffReport report) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("live", live.number()).put("other", other.number());
        root.put("compared", report.compared());
        root.put("differences", report.differences());
        root.put("doubtful_share", report.doubtfulShare());
        root.put("missing", report.missing());
        root.put("extra", report.extra());
        root.put("differing", report.differing().users());
        root.put("unsettled", report.unsettled());
        ObjectNode features = root.putObject("by_feature");
        report.differing().byFeature().forEach(features::put);
        ArrayNode samples = root.putArray("samples");
        for (DiffReport.Sample one : report.samples()) {
            samples.addObject()
                    .put("user", one.user())
                    .put("feature", one.feature())
                    .put("live", one.live())
                    .put("other", one.other());
        }
        return root.toPrettyString();
    }
}
