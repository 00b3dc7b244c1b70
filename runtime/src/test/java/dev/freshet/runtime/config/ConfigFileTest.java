package dev.freshet.runtime.config;

import static dev.freshet.runtime.config.ConfigFiles.LEAST;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad inputs, row 22: the file itself. What makes it unusable is the one fault, for all others would follow from it. */
class ConfigFileTest {
    @TempDir
    Path directory;

    private ConfigFiles files;

    @BeforeEach
    void setUp() {
        files = new ConfigFiles(directory);
    }

    private static String only(Path file) {
        return ConfigFiles.faults(file, Map.of()).stream()
                .reduce((one, other) -> one + " and " + other)
                .orElseThrow();
    }

    private String only(String yaml) throws IOException {
        return only(files.file(yaml));
    }

    @Test
    void aFileThatIsNotThere() {
        Path absent = directory.resolve("absent.yaml");
        assertThat(only(absent)).isEqualTo(absent + ": does not exist: name a file that does");
    }

    @Test
    void aDirectory() {
        assertThat(only(directory)).isEqualTo(directory + ": is a directory: name a file");
    }

    @Test
    void aPathThroughAFile() throws IOException {
        Path below = files.file(LEAST).resolve("below.yaml");
        assertThat(only(below)).isEqualTo(below + ": cannot be read: Not a directory");
    }

    @Test
    void aFileThatThisUserMayNotRead() throws IOException {
        assertThat(TextFile.inWords(new AccessDeniedException("a"))).startsWith("may not be read by this user");
        assertThat(TextFile.inWords(new FileSystemException("a", null, "Input/output error")))
                .isEqualTo("cannot be read: Input/output error");
        Path file = ConfigFiles.mode("---------", files.file(LEAST));
        if (Files.isReadable(file)) {
            assertThat(System.getProperty("user.name"))
                    .as("who may read everything")
                    .isEqualTo("root");
        } else {
            assertThat(only(file)).startsWith(file + ": may not be read by this user: ");
        }
    }

    @Test
    void aFileWithoutEnd() {
        assertThat(only(Path.of("/dev/zero"))).isEqualTo("/dev/zero: is larger than 1 MiB: name another file");
    }

    @Test
    void aByteOrderMarkAndCarriageReturnsChangeNothing() throws IOException {
        FreshetConfig plain = files.load(LEAST);
        assertThat(files.load("\uFEFF" + LEAST.replace("\n", "\r\n"))).isEqualTo(plain);
    }

    @Test
    void aFileInAnotherEncoding() throws IOException {
        Path file = files.file((LEAST + "name: caf\u00e9\n").getBytes(StandardCharsets.ISO_8859_1));
        assertThat(only(file)).isEqualTo(file + ": is not UTF-8: save it as that");
        assertThat(only(files.file(LEAST.getBytes(StandardCharsets.UTF_16)))).endsWith("is not UTF-8: save it as that");
    }

    @Test
    void aKeyThatIsThereTwice() throws IOException {
        assertThat(only(LEAST + "name: a\nname: b\n"))
                .contains("freshet.yaml: is no valid YAML: Duplicate field 'name' in line 6");
        assertThat(only(LEAST + "kafka: {bootstrap.servers: other:9092}\n"))
                .isEqualTo("kafka.bootstrap.servers: is there twice: remove one");
        assertThat(only(LEAST + "kafka: {properties: {a: [1], a.0: [2], a: [3]}}\n"))
                .contains("Duplicate field 'a'");
    }

    @Test
    void aBombOfAnchors() throws IOException {
        StringBuilder bomb = new StringBuilder(LEAST).append("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%d: &a%d [".formatted(i, i))
                    .append("*a%d, ".formatted(i - 1).repeat(9))
                    .append("*a%d]\n".formatted(i - 1));
        }
        assertThat(only(bomb.toString())).endsWith("freshet.yaml: uses an alias in line 6: write what it stands for");
    }

    @Test
    void anAliasIsNotTakenForItsName() throws IOException {
        assertThat(only(LEAST + "base: &base {poll.interval.ms: 7}\ningest: {<<: *base}\n"))
                .contains("alias in line 6");
    }

    @Test
    void aSecondDocument() throws IOException {
        assertThat(only(LEAST + "---\nname: other\n")).contains("freshet.yaml: holds a second document in line ");
    }

    @Test
    void bracketsWithoutEnd() throws IOException {
        assertThat(only("a: " + "[".repeat(100_000))).contains("freshet.yaml: is no valid YAML: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: [1\n", "a: b: c\n", "\tname: a\n", "source: {password: 's3cret\n", "a: @s3cret\n"})
    void whatIsNoYamlIsToldWithItsLineAndWithoutItsText(String yaml) throws IOException {
        assertThat(only(yaml)).contains("freshet.yaml: is no valid YAML: ").containsPattern(" in line \\d+$");
    }

    @ParameterizedTest
    @ValueSource(strings = {"just words\n", "[name, freshet]\n", "42\n"})
    void whatHoldsNoKeys(String yaml) throws IOException {
        assertThat(only(yaml)).endsWith("freshet.yaml: holds no settings: write keys and values, as name: freshet");
    }

    @Test
    void anEmptyFileLacksWhatHasNoDefault() throws IOException {
        assertThat(ConfigFiles.faults(files.file("# nothing\n"), Map.of()))
                .hasSize(6)
                .allMatch(fault -> fault.contains(": is missing: "));
    }

    @Test
    void anUnknownKeyWithTheNearestKnownOne() throws IOException {
        assertThat(files.faults(LEAST + "ingest.tick.intervall.ms: 3\ndashboard.port: 80\n"))
                .containsExactly(
                        "ingest.tick.intervall.ms: is not known: did you mean ingest.tick.interval.ms?",
                        "dashboard.port: is not known: remove it");
    }

    @Test
    void aKeyCannotMakeASecondLine() throws IOException {
        assertThat(only(LEAST + "\"a\\nb\\e[31m\": 1\n")).isEqualTo("a?b?[31m: is not known: remove it");
    }
}
