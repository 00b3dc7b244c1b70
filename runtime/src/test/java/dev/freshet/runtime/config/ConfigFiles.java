package dev.freshet.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** Writes configurations that only their owner may read, and reads what is wrong with them. */
final class ConfigFiles {
    static final String LEAST = """
            source: {url: 'jdbc:postgresql://shop:5433/orders', user: freshet, password: s3cret}
            target: {url: 'jdbc:postgresql://features/ml', user: writer, password: s3cret}
            kafka.bootstrap.servers: broker:9092
            schema.registry.url: http://registry:8081
            """;

    private final Path directory;

    ConfigFiles(Path directory) {
        this.directory = directory;
    }

    FreshetConfig load(String yaml) throws IOException {
        return FreshetConfig.load(file(yaml), Map.of());
    }

    /** Of a configuration that has some, each as the line that is printed. */
    List<String> faults(String yaml) throws IOException {
        return faults(file(yaml), Map.of());
    }

    static List<String> faults(Path file, Map<String, String> environment) {
        ConfigException thrown =
                catchThrowableOfType(ConfigException.class, () -> FreshetConfig.load(file, environment));
        assertThat(thrown).as("a configuration with faults").isNotNull();
        List<String> faults = thrown.faults().stream().map(Fault::toString).toList();
        assertThat(thrown.getMessage().lines())
                .as("one line for each")
                .hasSize(1 + faults.size())
                .map(String::strip)
                .containsAll(faults);
        assertThat(thrown.getMessage()).as("no secret and no Java").doesNotContain("s3cret", "Exception", "java.");
        return faults;
    }

    Path file(String yaml) throws IOException {
        return file(yaml.getBytes(StandardCharsets.UTF_8));
    }

    Path file(byte[] bytes) throws IOException {
        return mode("rw-------", Files.write(directory.resolve("freshet.yaml"), bytes));
    }

    static Path mode(String mode, Path file) throws IOException {
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}
