package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {
    private static final String CONFIG = """
            source:
              url: jdbc:postgresql://localhost:1/shop
              user: reader
            target:
              url: jdbc:postgresql://localhost:1/shop
              user: writer
            kafka:
              bootstrap.servers: localhost:1
            schema.registry.url: http://localhost:1
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine commandLine = Freshet.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ingest",
                "streams --config a.yaml --info b.json",
                "sink --nonsense",
                "drift",
                "drift --config a.yaml --patience soon",
                "demo --for never",
                "demo --for 0s",
                "demo --port-base 80",
                "demo --port-base 65533",
                "demo --users 0",
                "demo --rate -1",
                "demo --rate many"
            })
    void wrongCommandLinesAreRefusedInFewLines(String line) {
        assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        String command = line.isEmpty() ? "" : " " + line.split(" ")[0];
        assertThat(err.toString())
                .startsWith("freshet: ")
                .endsWith("see 'freshet" + command + " --help'" + System.lineSeparator());
        assertThat(err.toString().lines()).hasSizeLessThan(5);
    }

    @Test
    void anUnknownCommandIsRefusedWithTheNearestOne() {
        assertThat(run("stream")).isEqualTo(2);
        assertThat(err.toString()).contains("freshet streams");
    }

    @Test
    void aDataDirectoryThatCannotBeOneIsRefused(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThat(run("demo", "--data-dir", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("--data-dir " + file + ": is a file");

        Path below = file.resolve("below");
        assertThat(run("demo", "--data-dir", below.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("--data-dir " + below + ": cannot be created: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "demo --empty"})
    void aDataDirectoryBegunTheOtherWayIsRefused(String line, @TempDir Path directory) throws Exception {
        DataDirectory.prepare(directory, !line.endsWith("--empty"));

        String[] arguments = (line + " --data-dir " + directory).split(" ");
        assertThat(run(arguments)).isEqualTo(2);
        assertThat(err.toString()).contains("use another --data-dir");
    }

    @Test
    void aDataDirectoryIsGoneOnWithAsItWasBegun(@TempDir Path directory) {
        for (boolean empty : new boolean[] {true, false}) {
            Path one = directory.resolve("empty-" + empty);

            assertThat(DataDirectory.prepare(one, empty)).isEmpty();
            assertThat(DataDirectory.prepare(one, empty)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "demo", "ingest", "streams", "sink", "all", "drift", "truth-sql"})
    void helpGoesToStandardOutput(String command) {
        String line = (command + " --help").strip();

        assertThat(run(line.split(" "))).isZero();
        assertThat(out.toString()).contains("Usage: freshet " + command);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void versionIsOneLine() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("freshet ").hasLineCount(1);
    }

    @Test
    void allFaultsOfAConfigurationAreToldWithoutAStackTrace() {
        assertThat(run("ingest", "--config", "does-not-exist.yaml")).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("freshet: ")
                .contains("kafka.bootstrap.servers")
                .doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void verboseShowsWhereAFailureCameFrom() {
        assertThat(run("ingest", "--verbose", "--config", "does-not-exist.yaml"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("ConfigException").contains("\tat dev.freshet.");
    }

    @Test
    void truthSqlPrintsTheFunctionAndNothingElse(@TempDir Path directory) throws Exception {
        Path config = Files.writeString(directory.resolve("freshet.yaml"), CONFIG);

        assertThat(run("truth-sql", "--config", config.toString())).isZero();
        assertThat(out.toString()).startsWith("CREATE OR REPLACE FUNCTION user_features_at");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aDatabaseThatIsNotThereIsAReasonToTryAgain(@TempDir Path directory) throws Exception {
        Path config = Files.writeString(directory.resolve("freshet.yaml"), CONFIG);

        assertThat(run("drift", "--config", config.toString())).isEqualTo(75);
        assertThat(err.toString()).contains("SQLSTATE 08001").doesNotContain("\tat ");
    }
}
