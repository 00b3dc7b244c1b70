package dev.freshet.serving.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.hash.Sha256;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.catalogue.FeatureDefinition;

/**
 * Makes training data of labels: their rows, in their order and unchanged, with the features at each label's own instant, and
 * nothing that lies behind it (DESIGN 1.3). The output appears whole, with a manifest beside it, or not at all.
 */
public final class Export {
    private static final String SERVED = "_as_served";

    private final FreshetConfig config;
    private final ExportRequest request;
    private final ExportProgress progress;
    private final Time time;
    private final Interruption interruption = new Interruption();

    public Export(FreshetConfig config, ExportRequest request, ExportProgress progress, Time time) {
        this.config = config;
        this.request = request;
        this.progress = progress;
        this.time = time;
    }

    /** Makes {@link #run} end soon, without an output; from any thread. */
    public void interrupt() {
        interruption.ask();
    }

    /**
     * @throws ExportRefusedException if the labels or the request cannot be used
     * @throws Stop if a person has to act first, or it was interrupted
     */
    public ExportReport run() throws SQLException, IOException {
        OutputFile out = OutputFile.of(request);
        Optional<JsonNode> before = Optional.ofNullable(request.manifest()).map(Manifest::read);
        try (WorkDirectory work = WorkDirectory.in(out.directory())) {
            try {
                return run(out, before, work);
            } catch (SQLException | IOException e) {
                interruption.check();
                Optional<Stop> stop = Shortage.of(e, work);
                if (stop.isPresent()) {
                    throw stop.get();
                }
                throw e;
            }
        }
    }

    private ExportReport run(OutputFile out, Optional<JsonNode> before, WorkDirectory work)
            throws SQLException, IOException {
        Watch watch = new Watch();
        // DuckDB takes a second to load, and most of what is wrong with labels is seen without it.
        LabelCopy copy = LabelCopy.of(request.labels(), work.file("labels"), interruption);
        try (Duck duck = Duck.open(work.path(), interruption);
                WorkDirectory.Writing writing = work.writing()) {
            return run(out, before, work, copy, duck, watch);
        }
    }

    private ExportReport run(
            OutputFile out, Optional<JsonNode> before, WorkDirectory work, LabelCopy copy, Duck duck, Watch watch)
            throws SQLException, IOException {
        List<FeatureColumn> event = request.mode().readsSource() ? columns("") : List.of();
        List<FeatureColumn> served = request.mode().readsTarget() ? columns(event.isEmpty() ? "" : SERVED) : List.of();
        List<FeatureColumn> added =
                Stream.concat(event.stream(), served.stream()).toList();
        Labels labels = Labels.load(duck, request, copy, config.source().users().idType(), names(added), interruption);
        labels.checkRows(request.badRows());
        Duration readLabels = watch.lap();

        List<Side> sides = sides(new Job(config, duck, labels, progress, interruption), event, served);
        for (Side side : sides) {
            side.read();
        }
        Duration extraction = watch.lap();
        for (Side side : sides) {
            side.join();
        }
        Duration join = watch.lap();
        Path data = work.file("output");
        FileFormat format = out.format();
        WriteOutput output = new WriteOutput(labels.columns(), event, served);
        output.run(duck, data, format);
        ExportTimings timings = new ExportTimings(readLabels, extraction, join, watch.lap());

        ExportCounts counts = counts(labels, sides);
        List<Skew> skew = sides.size() > 1 ? CompareModes.run(duck, event) : List.of();
        ObjectNode manifest = manifest(labels, sides, counts, format, data, output.columns(duck, format));
        Path manifestFile = work.file("manifest");
        Manifest.write(manifest, manifestFile);
        long rows = labels.rows();
        interruption.check();
        out.publish(data, manifestFile);
        List<FeatureColumn> text = added.stream().filter(FeatureColumn::isText).toList();
        return new ExportReport(
                out.path(),
                rows,
                counts,
                timings,
                format == FileFormat.CSV ? List.of() : names(text),
                skew,
                manifest,
                before.map(then -> Manifest.compare(then, manifest)));
    }

    private static List<Side> sides(Job job, List<FeatureColumn> event, List<FeatureColumn> served) {
        List<Side> sides = new ArrayList<>();
        if (!event.isEmpty()) {
            sides.add(new EventTime(job, event));
        }
        if (!served.isEmpty()) {
            sides.add(new AsServed(job, served));
        }
        return sides;
    }

    private static List<String> names(List<FeatureColumn> columns) {
        return columns.stream().map(FeatureColumn::name).toList();
    }

    private static ExportCounts counts(Labels labels, List<Side> sides) throws SQLException {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put(ExportCounts.LABELS, labels.rows());
        counts.put(ExportCounts.BAD_ROWS, labels.bad());
        for (Side side : sides) {
            side.count(counts);
        }
        return new ExportCounts(counts);
    }

    private ObjectNode manifest(
            Labels labels, List<Side> sides, ExportCounts counts, FileFormat format, Path data, List<String> columns)
            throws SQLException, IOException {
        ObjectNode manifest = Manifest.node();
        manifest.put("freshet", request.version()).put("duckdb", labels.engineVersion());
        manifest.putObject("settings")
                .put("mode", request.mode().text())
                .put("format", format.toString())
                .put("on_bad_row", request.badRows().toString());
        manifest.putObject("definition").put("text", config.definition()).put("sha256", Sha256.of(config.definition()));
        manifest.putNull("source");
        manifest.putNull("target");
        sides.forEach(side -> side.describe(manifest));
        manifest.putObject("labels")
                .put("file", String.valueOf(request.labels().getFileName()))
                .put("sha256", labels.copy().sha256())
                .put("bytes", labels.copy().bytes())
                .put("rows", labels.rows());
        ObjectNode output = manifest.putObject("output")
                .put("file", String.valueOf(request.out().getFileName()))
                .put("sha256", Sha256.of(data))
                .put("bytes", Files.size(data))
                .put("rows", labels.rows());
        columns.forEach(output.putArray("columns")::add);
        ObjectNode numbers = manifest.putObject("counts");
        counts.all().forEach(numbers::put);
        return manifest;
    }

    private List<FeatureColumn> columns(String suffix) {
        List<FeatureDefinition> features = config.catalogue().features();
        List<FeatureColumn> columns = new ArrayList<>();
        for (int i = 0; i < features.size(); i++) {
            columns.add(FeatureColumn.of(features.get(i), features.get(i).name() + suffix, i));
        }
        return columns;
    }

    /** Tells how long it is since it was last asked. */
    private final class Watch {
        private long last = time.nanoTime();

        Duration lap() {
            long now = time.nanoTime();
            Duration lap = Duration.ofNanos(now - last);
            last = now;
            return lap;
        }
    }
}
