package dev.freshet.serving.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an export was made of, with what, and what it came to: a JSON file that another run can be held against. */
final class Manifest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OUTPUT = "/output/sha256";

    /** What has to be equal for the output to be, and what it is to a person. */
    private static final Map<String, String> INPUTS = inputs();

    private Manifest() {}

    private static Map<String, String> inputs() {
        Map<String, String> inputs = new LinkedHashMap<>();
        inputs.put("/labels/sha256", "the labels are others");
        inputs.put("/settings/mode", "--mode");
        inputs.put("/settings/format", "the form of the output");
        inputs.put("/settings/on_bad_row", "--on-bad-row");
        inputs.put("/definition/sha256", "the features or tables are defined otherwise");
        inputs.put("/source/system_identifier", "the source is another server");
        inputs.put("/freshet", "the version of Freshet");
        inputs.put("/duckdb", "the version of DuckDB");
        return inputs;
    }

    static ObjectNode node() {
        return JSON.createObjectNode();
    }

    static void write(ObjectNode manifest, Path file) throws IOException {
        Files.writeString(file, manifest.toPrettyString() + "\n");
    }

    /** @throws ExportRefusedException if it is no manifest */
    static JsonNode read(Path file) {
        try {
            JsonNode manifest = JSON.readTree(Files.readString(file));
            if (manifest.at(OUTPUT).isTextual()) {
                return manifest;
            }
        } catch (JsonProcessingException e) {
            throw new ExportRefusedException("--manifest " + file + " is no JSON", e);
        } catch (IOException e) {
            throw new ExportRefusedException("--manifest " + file + " cannot be read", e);
        }
        throw new ExportRefusedException("--manifest " + file + " is no manifest of an export");
    }

    /** Whether the output is the same, and if not, what of that it was made of is not. */
    static ExportReport.Comparison compare(JsonNode before, JsonNode now) {
        if (before.at(OUTPUT).equals(now.at(OUTPUT))) {
            return new ExportReport.Comparison(true, List.of());
        }
        List<String> differences = new ArrayList<>();
        INPUTS.forEach((place, what) -> {
            String was = before.at(place).asText();
            String is = now.at(place).asText();
            if (!was.equals(is)) {
                differences.add(what + ": " + was + " then, " + is + " now");
            }
        });
        if (differences.isEmpty()) {
            differences.add("the rows that were read have changed since: at " + read(before) + " then, at " + read(now)
                    + " now");
        }
        return new ExportReport.Comparison(false, differences);
    }

    private static String read(JsonNode manifest) {
        return manifest.hasNonNull("source")
                ? "lsn " + manifest.at("/source/lsn").asText()
                : manifest.at("/target/time").asText();
    }
}
