package dev.freshet.runtime.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
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

    static Map<String, String> read(Path file, Faults faults) {
        YamlTree tree = new YamlTree(faults);
        try {
            JsonNode root = YAML.readTree(Files.readString(file));
            if (root.isObject()) {
                tree.add("", root);
            } else if (!root.isMissingNode() && !root.isNull()) {
                faults.add(file.toString(), null, "a mapping of keys to values is expected");
            }
        } catch (JsonProcessingException e) {
            faults.add(file.toString(), null, "no valid YAML: " + e.getOriginalMessage() + place(e));
        } catch (IOException e) {
            faults.add(file.toString(), null, "cannot be read: " + e);
        }
        return tree.values;
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
    }

    private void add(String key, JsonNode node) {
        if (node.isObject()) {
            node.properties()
                    .forEach(entry ->
                            add(key.isEmpty() ? entry.getKey() : key + "." + entry.getKey(), entry.getValue()));
        } else if (node.isArray()) {
            addList(key, node);
        } else if (!node.isNull() && values.putIfAbsent(key, node.asText()) != null) {
            faults.add(key, null, "is there twice: remove one");
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
        if (!words.isEmpty()) {
            values.put(key, String.join(",", words));
        }
    }
}
