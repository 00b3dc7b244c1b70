package dev.freshet.runtime.config;

import static dev.freshet.runtime.config.ConfigFiles.LEAST;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad inputs, row 24: secrets where others can see them. {@link ConfigFiles} looks in every message for the value. */
class SecretsTest {
    private static final String WITHOUT = LEAST.replace(", password: s3cret", "");

    @TempDir
    Path directory;

    private ConfigFiles files;

    @BeforeEach
    void setUp() {
        files = new ConfigFiles(directory);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://shop/orders?ssl=true&password=s3cret",
                "jdbc:postgresql://shop/orders?PASSWORD=s3cret",
                "jdbc:postgresql://shop/orders?sslpassword=s3cret",
                "jdbc:postgresql://me:s3cret@shop/orders",
                "jdbc:postgresql://me:s3c/s3cret@shop/orders",
                "postgres://me:s3cret@shop/orders"
            })
    void aPasswordInAUrl(String url) throws IOException {
        assertThat(files.faults(LEAST.replace("jdbc:postgresql://shop:5433/orders", url)))
                .containsExactly("source.url: holds a password, and URLs end up in logs: move it to source.password or"
                        + " source.password.file");
    }

    @Test
    void anotherUrlWithASecretIsNotRepeatedEither() throws IOException {
        assertThat(files.faults(LEAST.replace("jdbc:postgresql://shop:5433/orders", "mysql://s3cret@shop")))
                .containsExactly("source.url: write jdbc:postgresql://host:port/database");
    }

    @Test
    void credentialsInTheRegistrysUrl() throws IOException {
        assertThat(files.faults(LEAST.replace("//registry", "//me:s3cret@registry")))
                .singleElement()
                .asString()
                .startsWith("schema.registry.url: holds credentials, and URLs end up in logs: set ");
    }

    @Test
    void aSecretFileThatEveryoneMayRead() throws IOException {
        Path password = ConfigFiles.mode("rw-r--r--", Files.writeString(directory.resolve("password"), "s3cret\n"));
        String yaml = WITHOUT + "source.password.file: " + password + "\n";
        assertThat(files.faults(yaml))
                .containsExactly("source.password.file = '" + password + "': can be read by every user of this machine:"
                        + " chmod 600 it, or set secrets.readable.by.all: true where only Freshet can reach it, as in a"
                        + " container");
        assertThat(secret(yaml + "secrets.readable.by.all: true\n")).isEqualTo("s3cret");
        ConfigFiles.mode("rw-r-----", Files.writeString(password, "\uFEFFs3cret\r\n"));
        assertThat(secret(yaml)).isEqualTo("s3cret");
    }

    private String secret(String yaml) throws IOException {
        return files.load(yaml).source().login().password().reveal();
    }

    @Test
    void aConfigurationWithASecretThatEveryoneMayRead() throws IOException {
        for (String secret : List.of("source.password", "kafka.properties.sasl.jaas.config")) {
            Path file = ConfigFiles.mode("rw-r--r--", files.file(WITHOUT + secret + ": s3cret\n"));
            assertThat(ConfigFiles.faults(file, Map.of()))
                    .singleElement()
                    .asString()
                    .startsWith(
                            file + ": holds " + secret + " and can be read by every user of this machine: chmod 600");
            Map<String, String> allowed = Map.of("FRESHET_SECRETS_READABLE_BY_ALL", "true");
            assertThat(FreshetConfig.load(file, allowed)).isNotNull();
        }
        Path several = ConfigFiles.mode("rw-r--r--", files.file(LEAST));
        assertThat(ConfigFiles.faults(several, Map.of()))
                .singleElement()
                .asString()
                .contains(": holds source.password, target.password and can be read")
                .contains("as FRESHET_SOURCE_PASSWORD, or set secrets.readable.by.all");
        Path harmless = ConfigFiles.mode("rw-r--r--", files.file(WITHOUT));
        assertThat(FreshetConfig.load(harmless, Map.of("FRESHET_SOURCE_PASSWORD", "s3cret")))
                .isNotNull();
    }

    @Test
    void aSecretFileThatIsNone() throws IOException {
        String file = directory.resolve("absent").toString();
        assertThat(files.faults(WITHOUT + "target.password.file: " + file + "\n"))
                .containsExactly("target.password.file = '" + file + "': does not exist: name a file that does");
        assertThat(files.faults(WITHOUT + "target.password.file: " + directory + "\n"))
                .containsExactly("target.password.file = '" + directory + "': is a directory: name a file");
        assertThat(files.faults(LEAST + "target.password.file: " + file + "\n"))
                .containsExactly(
                        "target.password.file = '" + file + "': target.password is set too: remove one of them");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.properties.consumer.key.deserializer.password",
                "kafka.properties.ssl.key.passwrd",
                "ingest.properties.database.password",
                "ingest.propertys.database.sslpassword",
                "source.passwort",
                "kafka.properties.sasl.oauthbearer.assertion.private.key.passphrase"
            })
    void aSecretUnderAKeyThatIsRefusedOrUnknown(String key) throws IOException {
        Path file = files.file(WITHOUT + key + ": s3cret\nname: Other\n");
        assertThat(ConfigFiles.faults(file, Map.of())).noneMatch(fault -> fault.contains("s3cret"));
    }

    @Test
    void whateverKafkaHoldsForASecretIsOne() {
        assertThat(Stream.of(ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef())
                        .flatMap(client -> client.configKeys().values().stream())
                        .filter(key -> key.type == ConfigDef.Type.PASSWORD)
                        .map(key -> key.name))
                .contains("sasl.oauthbearer.assertion.private.key.passphrase")
                .filteredOn(key -> !SecretKeys.matches("kafka.properties." + key))
                .as("but certificates, which are public")
                .containsOnly("ssl.keystore.certificate.chain", "ssl.truststore.certificates");
    }

    @Test
    void printingAConfigurationShowsNone() throws IOException {
        String all = """
                kafka.properties: {sasl.jaas.config: s3cret, ssl.key.password: s3cret}
                schema.registry.properties: {basic.auth.user.info: 'me:s3cret'}
                ingest.properties: {database.sslpassword: s3cret}
                """;
        assertThat(files.load(LEAST + all).toString())
                .contains("sasl.jaas.config", "basic.auth.user.info", "database.sslpassword")
                .doesNotContain("s3cret");
    }
}
