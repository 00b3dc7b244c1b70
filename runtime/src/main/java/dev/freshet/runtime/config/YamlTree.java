package dev.freshet.runtime.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import com.fasterxml.jackson.dataformat.yaml.snakeyaml.error.MarkedYAMLException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A YAML file as one level of keys: {@code kafka: {bootstrap.servers: x}}, {@code kafka.bootstrap.servers: x} and
 * {@code kafka: {bootstrap: {servers: x}}} are the same key. A list of sections counts them: {@code features.0.name}; a list of
 * words is one value with commas.
 */
final class YamlTree {
    private static final ObjectMapper YAML =
            new ObjectMapper(new YAMLFactory()).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Faults faults;

    private YamlTree(Faults faults) {
        this.faults = faults;
    }

    /** @throws ConfigException if the file as such cannot be used: what else there is to say would only follow from that */
    static Map<String, String> read(Path file, Faults faults) {
        YamlTree tree = new YamlTree(faults);
        tree.add("", parse(file));
        return tree.values;
    }

    private static JsonNode parse(Path file) {
        try {
            String text = TextFile.read(file);
            refuseAliases(text);
            JsonNode root = YAML.readTree(text);
            if (root.isObject() || root.isMissingNode() || root.isNull()) {
                return root;
            }
            throw new IOException("holds no settings: write keys and values, as name: freshet");
        } catch (JsonProcessingException e) {
            throw new ConfigException(new Fault(file.toString(), null, "is no valid YAML: " + inWords(e)));
        } catch (IOException e) {
            throw new ConfigException(new Fault(file.toString(), null, String.valueOf(e.getMessage())));
        }
    }

    /** The parser would take an alias for the text of its name, and would not look behind the first document. */
    private static void refuseAliases(String text) throws IOException {
        try (YAMLParser parser = new YAMLFactory().createParser(text)) {
            int depth = 0;
            boolean ended = false;
            while (parser.nextToken() != null) {
                String line = " in line " + parser.currentTokenLocation().getLineNr();
                if (ended) {
                    throw new IOException("holds a second document" + line + ": keep one");
                }
                if (parser.isCurrentAlias()) {
                    throw new IOException("uses an alias" + line + ": write what it stands for");
                }
                depth += parser.currentToken().isStructStart() ? 1 : 0;
                depth -= parser.currentToken().isStructEnd() ? 1 : 0;
                ended = depth == 0;
            }
        }
    }

    /** Without the lines of the file that the parser shows: they may hold a password. */
    private static String inWords(JsonProcessingException e) {
        String problem = e instanceof MarkedYAMLException marked ? marked.getProblem() : e.getOriginalMessage();
        String firstLine = String.valueOf(problem).lines().findFirst().orElse("");
        return firstLine
                + (e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr());
    }

    private void add(String key, JsonNode node) {
        if (node.isObject()) {
            node.properties()
                    .forEach(entry ->
                            add(key.isEmpty() ? entry.getKey() : key + "." + entry.getKey(), entry.getValue()));
        } else if (node.isArray()) {
            addList(key, node);
        } else if (!node.isNull() && !node.isMissingNode()) {
            put(key, node.asText());
        }
    }

    private void addList(String key, JsonNode list) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).isValueNode()) {
                words.add(list.get(i).asText());
            } else {
                add(key + "." + i, list.get(i));
            }
        }
        if (!words.isEmpty() || list.isEmpty()) {
            put(key, String.join(",", words));
        }
    }

    private void put(String key, String value) {
        if (values.putIfAbsent(key, value) != null) {
            faults.add(key, null, "is there twice: remove one");
        }
    }
}
