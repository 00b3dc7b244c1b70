package dev.freshet.runtime.config;

import static dev.freshet.runtime.config.ConfigFiles.LEAST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** FRESHET_ and the key in upper case, everything but letters and digits an underscore: for every key that there is. */
class EnvironmentTest {
    @TempDir
    Path directory;

    private Map<String, String> shown;
    private Path file;

    @BeforeEach
    void read() throws IOException {
        shown = Example.usable(Example.everySetting(directory));
        String yaml = shown.entrySet().stream()
                .map(entry -> entry.getKey() + ": '" + entry.getValue() + "'\n")
                .collect(Collectors.joining());
        file = new ConfigFiles(directory).file(yaml);
    }

    static Stream<Map.Entry<String, String>> everyKey() {
        return Example.OTHER_VALUES.entrySet().stream().sorted(Map.Entry.comparingByKey());
    }

    @ParameterizedTest
    @MethodSource("everyKey")
    void overridesTheFile(Map.Entry<String, String> key) {
        String variable = "FRESHET_" + key.getKey().toUpperCase(Locale.ROOT).replace('.', '_');
        FreshetConfig overridden = FreshetConfig.load(file, Map.of(variable, key.getValue()));
        assertThat(overridden).isEqualTo(Example.config(shown, Map.of(key.getKey(), key.getValue())));
        assertThat(overridden).isNotEqualTo(FreshetConfig.load(file, Map.of()));
    }

    @Test
    void nothingNeedsTheFile() throws IOException {
        Map<String, String> environment = new HashMap<>();
        shown.forEach((key, value) -> environment.put(Values.variable(key), value));
        Path empty = Files.writeString(directory.resolve("empty.yaml"), "");
        assertThat(FreshetConfig.load(empty, environment)).isEqualTo(FreshetConfig.load(file, Map.of()));
    }

    @Test
    void everySettingOfTheExampleIsAmongThose() {
        assertThat(shown.keySet().stream()
                        .filter(key -> !key.equals("secrets.readable.by.all"))
                        .map(EnvironmentTest::generic))
                .isSubsetOf(Example.OTHER_VALUES.keySet().stream()
                        .map(EnvironmentTest::generic)
                        .toList());
    }

    private static String generic(String key) {
        return key.replaceFirst("^features\\.\\d+", "features.N");
    }

    @Test
    void thePasswordsFileToo() throws IOException {
        Path password =
                ConfigFiles.mode("rw-------", Files.writeString(directory.resolve("password"), "from a file\n"));
        FreshetConfig config = FreshetConfig.load(file, Map.of("FRESHET_TARGET_PASSWORD_FILE", password.toString()));
        assertThat(config.target().login().password().reveal()).isEqualTo("from a file");
    }

    /** What is best in the environment is a file's in the example. */
    @ParameterizedTest
    @ValueSource(strings = {"source", "target"})
    void thePasswordGoesBeforeTheOtherWayInTheFile(String section) throws IOException {
        ConfigFiles files = new ConfigFiles(directory);
        Path named = ConfigFiles.mode("rw-------", Files.writeString(directory.resolve("password"), "from a file"));
        String without = LEAST.replace(", password: s3cret", "");
        String variable = "FRESHET_" + section.toUpperCase(Locale.ROOT) + "_PASSWORD";
        String absent = section + ".password.file: " + directory.resolve("absent") + "\n";
        assertThat(password(section, files.file(without + absent), Map.of(variable, "other")))
                .isEqualTo("other");
        assertThat(password(section, files.file(LEAST), Map.of(variable + "_FILE", named.toString())))
                .isEqualTo("from a file");
        Map<String, String> both = Map.of(variable, "other", variable + "_FILE", named.toString());
        assertThat(ConfigFiles.faults(files.file(without), both))
                .containsExactly(section + ".password.file = '" + named + "': " + section
                        + ".password is set too: remove one of them");
    }

    private static String password(String section, Path yaml, Map<String, String> environment) {
        FreshetConfig config = FreshetConfig.load(yaml, environment);
        DatabaseLogin login = section.equals("source")
                ? config.source().login()
                : config.target().login();
        return login.password().reveal();
    }

    /** A variable has no lower case, and PostgreSQL's driver knows its own in their spelling only. */
    @Test
    void aKeyOfTheDriverIsSpeltAsTheDriverDoes() throws IOException {
        Path least = new ConfigFiles(directory).file(LEAST);
        Map<String, String> environment = Map.of(
                "FRESHET_INGEST_PROPERTIES_DRIVER_SOCKETTIMEOUT", "60",
                "FRESHET_INGEST_PROPERTIES_DATABASE_TCPKEEPALIVE", "true",
                "FRESHET_INGEST_PROPERTIES_SLOT_FAILOVER", "true");
        assertThat(FreshetConfig.load(least, environment).ingest().engine().properties())
                .containsOnly(
                        Map.entry("driver.socketTimeout", "60"),
                        Map.entry("database.tcpKeepAlive", "true"),
                        Map.entry("slot.failover", "true"));
        assertThat(ConfigFiles.faults(least, Map.of("FRESHET_INGEST_PROPERTIES_DRIVER_SOCKETIMEOUT", "60")))
                .containsExactly(
                        "ingest.properties.driver.socketimeout = '60': is not known to PostgreSQL's driver: did"
                                + " you mean driver.socketTimeout?");
    }

    @Test
    void whatItSetsIsCheckedToo() throws IOException {
        Path least = new ConfigFiles(directory).file(LEAST);
        assertThat(ConfigFiles.faults(least, Map.of("FRESHET_KAFKA_PROPERTIES_CONSUMER_ISOLATION_LEVEL", "x")))
                .containsExactly(
                        "kafka.properties.consumer.isolation.level = 'x': remove it: every change counts exactly"
                                + " once");
        assertThat(ConfigFiles.faults(least, Map.of("FRESHET_KAFKA_PARTITIONS", "0")))
                .containsExactly("kafka.partitions = '0': write a number from 1 to 1024");
    }

    @Test
    void aMisspeltVariableIsToldWithTheOneThatWasMeant() throws IOException {
        Map<String, String> misspelt = Map.of(
                "FRESHET_KAFKA_BOOTSTRAP_SERVER", "s3cret:9092",
                "FRESHET_SOURCE_PASWORD", "s3cret",
                "FRESHET_CUSTOM_THING", "s3cret",
                "FRESHET_JAVA_OPTS", "-Xmx1g",
                "FRESHET_SINK_SERVICE_PORT_HTTP", "80",
                "FRESHET_SINK_PORT_8080_TCP_ADDR", "10.0.0.1");
        String[] told = {
            "FRESHET_CUSTOM_THING in the environment sets nothing",
            "FRESHET_KAFKA_BOOTSTRAP_SERVER in the environment sets nothing: did you mean"
                    + " FRESHET_KAFKA_BOOTSTRAP_SERVERS?",
            "FRESHET_SOURCE_PASWORD in the environment sets nothing: did you mean FRESHET_SOURCE_PASSWORD?"
        };
        assertThat(warnings(() -> FreshetConfig.load(file, misspelt))).containsExactly(told);
        Path faulty = new ConfigFiles(directory).file(LEAST.replace("kafka.bootstrap.servers: broker:9092", ""));
        assertThatThrownBy(() -> FreshetConfig.load(faulty, misspelt))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("kafka.bootstrap.servers: is missing")
                .hasMessageContainingAll(told)
                .hasMessageNotContaining("s3cret");
    }

    private static List<String> warnings(Runnable reading) {
        Logger log = (Logger) LoggerFactory.getLogger(ConfigReader.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        try {
            reading.run();
        } finally {
            log.detachAppender(lines);
        }
        assertThat(lines.list).allMatch(line -> line.getLevel() == Level.WARN);
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void otherVariablesDoNothing() throws IOException {
        Map<String, String> others = Map.of("FRESHET_SINK_PORT_8080_TCP", "tcp://10.0.0.1:8080", "PATH", "/bin");
        assertThat(FreshetConfig.load(file, others)).isEqualTo(FreshetConfig.load(file, Map.of()));
    }
}
