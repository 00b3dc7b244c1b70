package dev.freshet.serving.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What became of an export.
 *
 * @param out the file that was written, with its manifest beside it
 * @param rows as many as there are labels
 * @param textColumns those that are text, as some of their numbers fit into no decimal of 38 digits
 * @param skew by feature; none unless both modes were asked for
 * @param manifest what was written beside it
 * @param comparison with the manifest that was to be repeated; empty if there was none
 */
public record ExportReport(
        Path out,
        long rows,
        ExportCounts counts,
        ExportTimings timings,
        List<String> textColumns,
        List<Skew> skew,
        ObjectNode manifest,
        Optional<Comparison> comparison) {

    /**
     * @param isEqual whether the output has the same bytes
     * @param differences what of the inputs is not what it was
     */
    public record Comparison(boolean isEqual, List<String> differences) {}
}
