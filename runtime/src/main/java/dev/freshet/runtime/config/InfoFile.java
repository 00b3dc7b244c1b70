package dev.freshet.runtime.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a running system is, for those who want to use it: source and target in one database, a broker and a registry.
 * Holds the database's password, so only its owner may read the file.
 *
 * @param more what further parts add, by their own keys: texts, and whole numbers as {@link Long}
 */
public record InfoFile(
        DatabaseLogin database,
        String bootstrapServers,
        String schemaRegistryUrl,
        Path dataDir,
        Map<String, Object> more) {
    private static final ObjectMapper JSON = new ObjectMapper();
    static final List<String> OWN =
            List.of("jdbcUrl", "user", "password", "bootstrapServers", "schemaRegistryUrl", "dataDir");

    public InfoFile {
        more = Map.copyOf(more);
    }

    public String toJson() {
        ObjectNode root = JSON.createObjectNode()
                .put("jdbcUrl", database.url())
                .put("user", database.user())
                .put("password", database.password().reveal())
                .put("bootstrapServers", bootstrapServers)
                .put("schemaRegistryUrl", schemaRegistryUrl)
                .put("dataDir", dataDir.toString());
        more.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> root.putPOJO(entry.getKey(), entry.getValue()));
        return root.toPrettyString() + "\n";
    }

    /** @throws ConfigException if it is not the text of such a file */
    public static InfoFile fromJson(String json) {
        return parse(json, "info file");
    }

    /** @throws ConfigException if it cannot be read */
    public static InfoFile read(Path file) {
        try {
            return parse(TextFile.read(file), file.toString());
        } catch (IOException e) {
            String reason = Files.notExists(file)
                    ? "does not exist: no demo has written it yet, or it has ended; freshet demo --info FILE starts one"
                    : String.valueOf(e.getMessage());
            throw new ConfigException(new Fault(file.toString(), null, reason));
        }
    }

    private static InfoFile parse(String json, String origin) {
        Faults faults = new Faults();
        Map<String, Object> values = new LinkedHashMap<>();
        try {
            JsonNode root = JSON.readTree(json);
            root.properties().forEach(entry -> values.put(entry.getKey(), value(entry.getValue())));
        } catch (JsonProcessingException e) {
            faults.add(
                    origin,
                    null,
                    "is no valid JSON in line " + e.getLocation().getLineNr()
                            + ": --info takes what a demo wrote, --config a configuration");
        }
        faults.throwIfAny();
        OWN.forEach(key -> faults.require(values.containsKey(key), key, null, "is missing in " + origin));
        faults.throwIfAny();
        Map<String, Object> more = new LinkedHashMap<>(values);
        OWN.forEach(more::remove);
        return new InfoFile(
                new DatabaseLogin(
                        value(values, "jdbcUrl"), value(values, "user"), new Secret(value(values, "password"))),
                value(values, "bootstrapServers"),
                value(values, "schemaRegistryUrl"),
                Path.of(value(values, "dataDir")),
                more);
    }

    private static Object value(JsonNode node) {
        return node.isIntegralNumber() ? (Object) node.longValue() : node.asText();
    }

    private static String value(Map<String, Object> values, String key) {
        return values.getOrDefault(key, "").toString();
    }

    /** Writes it under another name first, so that whoever sees the file sees all of it. */
    public void write(Path file) {
        Path absolute = file.toAbsolutePath();
        try {
            Path temporary = Files.createTempFile(
                    absolute.getParent(),
                    "." + absolute.getFileName(),
                    ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(temporary, toJson());
            Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The settings of a configuration for this system, by their keys. */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String section : List.of("source", "target")) {
            settings.put(section + ".url", database.url());
            settings.put(section + ".user", database.user());
            settings.put(section + ".password", database.password().reveal());
        }
        settings.put("kafka.bootstrap.servers", bootstrapServers);
        settings.put("schema.registry.url", schemaRegistryUrl);
        settings.put("streams.state.dir", dataDir.resolve("streams").toString());
        return settings;
    }
}
