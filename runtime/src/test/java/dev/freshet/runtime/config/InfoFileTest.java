package dev.freshet.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InfoFileTest {
    private static final InfoFile INFO = new InfoFile(
            new DatabaseLogin("jdbc:postgresql://127.0.0.1:5432/shop", "postgres", new Secret("s3cret")),
            "127.0.0.1:9092",
            "http://127.0.0.1:8081/apis/ccompat/v7",
            Path.of("/data"),
            Map.of("servingUrl", "http://127.0.0.1:8000", "pid", 4_711L));

    @TempDir
    Path directory;

    @Test
    void whatIsWrittenIsReadAgainAlsoWhatItDoesNotKnow() throws IOException {
        Path file = directory.resolve("info.json");
        INFO.write(file);
        INFO.write(file);
        assertThat(InfoFile.read(file)).isEqualTo(INFO);
        assertThat(Files.readString(file))
                .contains("\"jdbcUrl\" : \"jdbc:postgresql://127.0.0.1:5432/shop\"", "\"pid\" : 4711");
    }

    @Test
    void onlyItsOwnerMayReadItAndNothingElseIsLeft() throws IOException {
        Path file = directory.resolve("info.json");
        INFO.write(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void givesTheConfigurationOfTheRunningSystem() {
        Path file = directory.resolve("info.json");
        INFO.write(file);
        FreshetConfig config = FreshetConfig.fromInfo(file);
        assertThat(config.source().login()).isEqualTo(INFO.database());
        assertThat(config.target().login()).isEqualTo(INFO.database());
        assertThat(config.kafka().bootstrapServers()).isEqualTo("127.0.0.1:9092");
        assertThat(config.registry().url()).isEqualTo("http://127.0.0.1:8081/apis/ccompat/v7");
        assertThat(config.streams().requireStateDir()).isEqualTo(Path.of("/data/streams"));
    }

    @Test
    void asAConfigurationItIsToldWhatItIs() {
        Path file = directory.resolve("info.json");
        INFO.write(file);
        assertThatThrownBy(() -> FreshetConfig.load(file, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(file + ": is what a demo wrote: name it with --info");
    }

    @Test
    void tellsEveryKeyThatIsMissing() {
        assertThatThrownBy(() -> InfoFile.fromJson("{\"jdbcUrl\": \"x\"}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("user: is missing", "bootstrapServers: is missing");
        assertThatThrownBy(() -> InfoFile.fromJson("name: shop"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("--config a configuration");
        assertThatThrownBy(() -> InfoFile.read(directory.resolve("absent")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("does not exist")
                .hasMessageContaining("freshet demo --info FILE");
    }
}
