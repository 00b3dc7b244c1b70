package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    private static Path ownersOnly(Path file, String text) throws IOException {
        return Files.setPosixFilePermissions(
                Files.writeString(file, text), PosixFilePermissions.fromString("rw-------"));
    }

    private int run(String... arguments) {
        CommandLine commandLine = Freshet.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return Freshet.execute(commandLine, arguments);
    }

    /** Whoever reads it would be led to another shop, and what they erase there is gone. */
    @Test
    void theInfoFileOfADemoThatRunsIsNotWrittenOver(@TempDir Path directory) throws Exception {
        Path info = directory.resolve("info.json");
        NothingThere.writeInfo(info, Map.of("pid", ProcessHandle.current().pid()));
        String before = Files.readString(info);
        Path data = directory.resolve("data");
        assertThat(run("demo", "--info", info.toString(), "--data-dir", data.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("process " + ProcessHandle.current().pid(), "which runs");
        assertThat(info).hasContent(before);
        assertThat(data).doesNotExist();
    }

    /** Bad inputs, row 28. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--",
                "-- ingest --config a.yaml",
                "--nonsense",
                "ingest",
                "ingest -- --config a.yaml",
                "ingest --config",
                "ingest --config --verbose",
                "ingest --config a.yaml extra",
                "ingest --config a.yaml --config b.yaml",
                "ingest --config a.yaml --config=a.yaml",
                "ingest @arguments.txt",
                "streams --config a.yaml --info b.json",
                "sink --nonsense",
                "sink --Config a.yaml",
                "drift",
                "drift --config a.yaml --json --json",
                "drift --config a.yaml --patience soon",
                "drift --config a.yaml --patience",
                "reconcile",
                "reconcile --config a.yaml --chunk 0",
                "reconcile --config a.yaml --chunk many",
                "reconcile --config a.yaml --pause-share 1",
                "reconcile --config a.yaml --patience 0s",
                "erase",
                "erase --user 7",
                "erase --config a.yaml",
                "erase --config a.yaml --user",
                "erase --config a.yaml --user 7 --user 8",
                "erase --config a.yaml --user 7 --patience never",
                "erase 7 --config a.yaml --yes",
                "explain",
                "explain --config a.yaml",
                "explain --config a.yaml --user 17 --at 2026-03-31T12:00:00",
                "explain --config a.yaml --user 17 --at 2026-03-31T12:00:00.0000001Z",
                "explain --config a.yaml --user 17 --at yesterday",
                "explain --config a.yaml --user 17 --limit -1",
                "explain --config a.yaml --user 17 --user 18",
                "export",
                "export --config a.yaml",
                "export --config a.yaml --labels a.csv",
                "export --config a.yaml --out b.csv",
                "export --labels a.csv --out b.csv",
                "export --config a.yaml --info b.json --labels a.csv --out b.csv",
                "export --config a.yaml --labels --out b.csv",
                "export --config a.yaml --labels a.csv --labels a.csv --out b.csv",
                "export --config a.yaml --labels a.csv --out b.csv c.csv",
                "export --config a.yaml --labels a.csv --out b.csv --mode both --mode both",
                "export --config a.yaml --labels a.csv --out b.csv --mode tomorrow",
                "export --config a.yaml --labels a.csv --out b.csv --on-bad-row skip",
                "export --config a.yaml --labels a.csv --out b.csv --force=yes",
                "export --config a.yaml --labels a.csv --out b.csv --nonsense",
                "deadletters",
                "deadletters nonsense",
                "replay",
                "replay nonsense",
                "doctor",
                "doctor --config a.yaml --fix yes",
                "status --config a.yaml --info b.json",
                "demo --for never",
                "demo --for 0s",
                "demo --for 1s --for 2s",
                "demo --port-base 80",
                "demo --port-base 65533",
                "demo --users 0",
                "demo --users 99999999999",
                "demo --rate -1",
                "demo --rate many"
            })
    void wrongCommandLinesAreRefusedInFewLines(String line) {
        assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        String command = line.isEmpty() || line.startsWith("-") ? "" : " " + line.split(" ")[0];
        assertThat(err.toString())
                .startsWith("freshet: ")
                .contains("Usage: freshet" + command)
                .endsWith("see 'freshet" + command + " --help'" + System.lineSeparator())
                .doesNotContain("Exception", "\tat ");
        assertThat(err.toString().lines()).hasSizeLessThan(8);
    }

    /** Bad inputs, rows 28, 29 and 30: a replay is of the whole log, and what removes for good asks first. */
    @ParameterizedTest
    @CsvSource({
        "replay, freshet replay",
        "replay nonsense, freshet replay",
        "replay start, freshet replay start",
        "replay start --config a.yaml --from 0/XYZ, freshet replay start",
        "replay start --config a.yaml --go-live, freshet replay start",
        "replay start --config a.yaml --from 2030-01-01 --to 2020-01-01, freshet replay start",
        "replay swap --config a.yaml --max-difference 2, freshet replay swap",
        "replay swap --config a.yaml --max-difference NaN, freshet replay swap",
        "replay swap --config a.yaml --max-difference much, freshet replay swap",
        "replay rollback --config a.yaml --patience never, freshet replay rollback",
        "replay diff --config a.yaml --generation one, freshet replay diff",
        "replay diff --config a.yaml --generation 0, freshet replay diff",
        "replay diff --config a.yaml --json --json, freshet replay diff",
        "replay status --config a.yaml -- live, freshet replay status",
        "replay status --config a.yaml --watch=yes, freshet replay status",
        "replay rollback --config a.yaml --patience, freshet replay rollback",
        "replay rollback --config a.yaml --patience -1s, freshet replay rollback",
        "replay drop --config a.yaml, freshet replay drop",
        "replay drop -1 --yes --config a.yaml, freshet replay drop",
        "replay drop 0 --yes --config a.yaml, freshet replay drop",
        "replay drop 9999999999 --yes --config a.yaml, freshet replay drop",
        "replay drop 2 --config a.yaml, freshet replay drop",
        "replay drop two --yes --config a.yaml, freshet replay drop",
        "deadletters list, freshet deadletters list",
        "deadletters list --config a.yaml --generation one, freshet deadletters list",
        "deadletters show --config a.yaml seven, freshet deadletters show",
        "deadletters show --config a.yaml --bytes -1, freshet deadletters show",
        "deadletters replay --config a.yaml --patience 0s, freshet deadletters replay",
        "deadletters drop --config a.yaml --yes=please, freshet deadletters drop",
        "deadletters drop --config a.yaml --info b.json --yes, freshet deadletters drop"
    })
    void wrongLinesOfCommandsOfCommandsAreRefusedBeforeAnythingIsDone(String line, String command) {
        assertThat(run(line.split(" "))).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .startsWith("freshet: ")
                .endsWith("see '" + command + " --help'" + System.lineSeparator())
                .doesNotContain("Exception", "\tat ");
    }

    /** Bad inputs, row 24. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ingest --password s3cret",
                "ingest --config a.yaml --source.password=s3cret",
                "ingest --config jdbc:postgresql://me:s3cret@shop/orders",
                "ingest --config jdbc:postgresql://shop/orders?password=s3cret",
                "demo --password=s3cret",
                "export --config a.yaml --labels a.csv --out b.csv --password=s3cret",
                "ingest --config a.yaml -p s3cret",
                "ingest --config a.yaml --url=s3cret"
            })
    void aPasswordOnTheCommandLineIsRefusedAndNotRepeated(String line) {
        assertThat(run(line.split(" "))).isEqualTo(2);
        assertThat(err.toString()).startsWith("freshet: ").doesNotContain("s3cret");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aPasswordOnTheCommandLineIsToldWhereItBelongs() {
        run("ingest", "--password", "s3cret");
        assertThat(err.toString()).contains("FRESHET_SOURCE_PASSWORD");
    }

    @Test
    void whatIsNoFileIsSaidSoInOneLine(@TempDir Path directory) {
        String absent = directory.resolve("absent.yaml").toString();
        for (String command : new String[] {
            "ingest",
            "streams",
            "sink",
            "all",
            "status",
            "doctor",
            "drift",
            "reconcile",
            "erase --user 7 --yes",
            "explain --user 7",
            "export --labels a.csv --out b.csv",
            "replay status",
            "deadletters list",
            "truth-sql"
        }) {
            err.getBuffer().setLength(0);
            assertThat(run((command + " --config " + absent).split(" ")))
                    .as(command)
                    .isEqualTo(2);
            assertThat(err.toString())
                    .isEqualTo("freshet: the configuration cannot be used:\n  " + absent
                            + ": does not exist: name a file that does\n");
        }
        err.getBuffer().setLength(0);
        assertThat(run("drift", "--info", directory.toString())).isEqualTo(2);
        assertThat(err.toString())
                .endsWith(directory + ": is a directory: name a file\n")
                .hasLineCount(2);
        err.getBuffer().setLength(0);
        assertThat(run("ingest", "--config=")).isEqualTo(2);
        assertThat(err.toString()).doesNotContain("Exception");
    }

    /** Bad inputs, row 31: the disk is full, or whoever read it has gone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "replay --help",
                "replay start --help",
                "reconcile --help",
                "erase --help",
                "export --help",
                "deadletters list --help",
                "--version"
            })
    void outputThatCannotBeWrittenIsSaidInOneLine(String line) {
        CommandLine commandLine = Freshet.commandLine();
        commandLine.setOut(new PrintWriter(new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw new IOException("No space left on device");
            }
        }));
        commandLine.setErr(new PrintWriter(err, true));
        assertThat(Freshet.execute(commandLine, line.split(" "))).isEqualTo(78);
        assertThat(err.toString())
                .startsWith("freshet: ")
                .endsWith("could not be written\n")
                .hasLineCount(1);
    }

    @Test
    void onlyWhoRunsStreamsNeedsAPlaceForTheirState(@TempDir Path directory) throws Exception {
        Path config = Files.writeString(directory.resolve("freshet.yaml"), CONFIG);
        for (String command : new String[] {"streams", "all"}) {
            err.getBuffer().setLength(0);
            assertThat(run(command, "--config", config.toString())).isEqualTo(2);
            assertThat(err.toString())
                    .contains("\n  streams.state.dir: is missing: ")
                    .hasLineCount(2);
        }
        Files.writeString(config, CONFIG + "streams.state.dir: /tmp/freshet\n");
        assertThat(run("truth-sql", "--config", config.toString())).isZero();
        err.getBuffer().setLength(0);
        assertThat(run("streams", "--config", config.toString())).isEqualTo(2);
        assertThat(err.toString())
                .contains("\n  streams.state.dir = '/tmp/freshet': is cleared")
                .hasLineCount(2);
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

    /** Bad inputs, row 30: what is not ours is not overwritten, and not removed at the end. */
    @Test
    void anInfoFileThatIsSomethingElseIsLeftAsItIs(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("thesis.txt"), "years of work");

        for (Path there : List.of(file, directory)) {
            assertThat(run(
                            "demo",
                            "--info",
                            there.toString(),
                            "--data-dir",
                            directory.resolve("data").toString()))
                    .isEqualTo(2);
            assertThat(err.toString()).contains("--info " + there + " is there and no demo's");
        }
        assertThat(file).hasContent("years of work");
        assertThat(directory.resolve("data")).doesNotExist();
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
    @ValueSource(
            strings = {
                "",
                "demo",
                "ingest",
                "streams",
                "sink",
                "all",
                "status",
                "doctor",
                "drift",
                "reconcile",
                "erase",
                "explain",
                "export",
                "replay",
                "replay start",
                "replay status",
                "replay diff",
                "replay swap",
                "replay rollback",
                "replay drop",
                "deadletters",
                "deadletters list",
                "deadletters show",
                "deadletters replay",
                "deadletters drop",
                "truth-sql"
            })
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
    void allFaultsOfAConfigurationAreToldOneALineWithoutAStackTrace(@TempDir Path directory) throws Exception {
        Path config = Files.writeString(
                directory.resolve("freshet.yaml"), CONFIG.replace("localhost:1", "localhost:0") + "nam: x\n");
        assertThat(run("ingest", "--config", config.toString())).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("freshet: the configuration in " + config + " cannot be used:\n  ")
                .contains(
                        "\n  kafka.bootstrap.servers = 'localhost:0': ", "\n  nam: is not known: did you mean name?\n")
                .doesNotContain("\tat ", "Exception")
                .hasLineCount(6);
        assertThat(out.toString()).isEmpty();
    }

    /** Bad inputs, row 25: what only a library knows, and would tell when others have started. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ingest.properties|snapshot.fetch.size: many|snapshot.fetch.size = 'many': write what Debezium takes: ",
                "kafka.properties|max.task.idle.ms: soon|max.task.idle.ms = 'soon': write what Kafka Streams takes: ",
                "kafka.properties|security.protocol: SASL_SSL, sasl.mechanism: PLAIN"
                        + "|sasl.jaas.config: is missing: write a login module",
                "kafka.properties|security.protocol: SASL_SSL, sasl.mechanism: OAUTHBEARER"
                        + "|sasl.jaas.config: is missing: write a login module",
                "kafka.properties|security.protocol: SASL_PLAINTEXT, sasl.mechanism: PLAIN, sasl.jaas.config: s3cret"
                        + "|sasl.jaas.config: write a login module",
                "kafka.properties|security.protocol: SASL_PLAINTEXT, sasl.mechanism: PLAIN,"
                        + " sasl.jaas.config: org.example.Login required password='s3cret';"
                        + "|sasl.jaas.config: write a login module",
                "kafka.properties|producer.security.protocol: SSL, producer.ssl.truststore.location: STORE,"
                        + " ssl.truststore.password: s3cret"
                        + "|producer.ssl.truststore.location = 'STORE': write what Kafka takes: ",
                "kafka.properties|security.protocol: SSL, ssl.truststore.password: s3cret"
                        + "|security.protocol = 'SSL': write what Kafka takes: SSL trust store is not specified",
                "kafka.properties|producer.delivery.timeout.ms: 1000"
                        + "|producer.delivery.timeout.ms = '1000': write what Kafka takes: ",
                "kafka.properties|max.in.flight.requests.per.connection: 6"
                        + "|max.in.flight.requests.per.connection = '6': write what Kafka takes: ",
                "kafka.properties|metric.reporters: org.example.Reporter"
                        + "|metric.reporters = 'org.example.Reporter': write what Kafka takes: ",
                "schema.registry.properties|basic.auth.credentials.source: TYPO"
                        + "|basic.auth.credentials.source = 'TYPO': write what the registry's client takes: ",
                "schema.registry.properties|basic.auth.credentials.source: USER_INFO"
                        + "|basic.auth.credentials.source = 'USER_INFO': write what the registry's client takes: ",
                "schema.registry.properties|bearer.auth.credentials.source: TYPO"
                        + "|bearer.auth.credentials.source = 'TYPO': write what the registry's client takes: ",
                "schema.registry.properties|http.read.timeout.ms: soon"
                        + "|http.read.timeout.ms = 'soon': write what the registry's client takes: ",
                "schema.registry.properties|schema.registry.ssl.truststore.location: STORE"
                        + "|schema.registry.ssl.truststore.location = 'STORE': write what the registry's client takes: "
            })
    void whatALibraryWouldRefuseIsToldBeforeAnythingIsStarted(
            String section, String properties, String fault, @TempDir Path directory) throws Exception {
        Path store = Files.writeString(directory.resolve("store"), "no certificates");
        Path config = ownersOnly(
                directory.resolve("freshet.yaml"),
                CONFIG + "streams.state.dir: /var/lib/freshet\n" + section + ":\n  "
                        + properties.replace("STORE", store.toString()).replace(", ", "\n  ") + "\n");
        for (String command : new String[] {"ingest", "streams", "sink", "all"}) {
            err.getBuffer().setLength(0);
            assertThat(run(command, "--config", config.toString())).as(command).isEqualTo(2);
            assertThat(err.toString())
                    .contains("\n  " + section + "." + fault.replace("STORE", store.toString()))
                    .doesNotContain("Exception", "\tat ", "s3cret")
                    .hasLineCount(2);
        }
    }

    @Test
    void faultsOfEveryKindAreToldAtOnce(@TempDir Path directory) throws Exception {
        Path config = ownersOnly(directory.resolve("freshet.yaml"), CONFIG + """
                nam: x
                kafka.properties:
                  linger.ms: now
                  max.task.idle.ms: soon
                  acks: 1
                  security.protocol: SASL_SSL
                  sasl.mechanism: PLAIN
                schema.registry.properties.basic.auth.credentials.source: TYPO
                ingest.properties: {snapshot.fetch.size: many, plugin.name: wal2json}
                """);
        assertThat(run("all", "--config", config.toString())).isEqualTo(2);
        assertThat(err.toString().lines().skip(1).map(line -> line.strip().split("[ :]", 2)[0]))
                .containsExactlyInAnyOrder(
                        "nam",
                        "kafka.properties.linger.ms",
                        "kafka.properties.max.task.idle.ms",
                        "kafka.properties.acks",
                        "kafka.properties.sasl.jaas.config",
                        "schema.registry.properties.basic.auth.credentials.source",
                        "ingest.properties.snapshot.fetch.size",
                        "ingest.properties.plugin.name",
                        "streams.state.dir");
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
