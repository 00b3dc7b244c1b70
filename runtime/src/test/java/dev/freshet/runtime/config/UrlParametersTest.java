package dev.freshet.runtime.config;

import static dev.freshet.runtime.config.ConfigFiles.LEAST;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad inputs, rows 22 and 25: what a URL could say to the driver behind Freshet's back. */
class UrlParametersTest {
    private static final String SOURCE = "jdbc:postgresql://shop:5433/orders";
    private static final String TARGET = "jdbc:postgresql://features/ml";

    @TempDir
    Path directory;

    private ConfigFiles files;

    @BeforeEach
    void setUp() {
        files = new ConfigFiles(directory);
    }

    private List<String> faults(String url, String parameters) throws IOException {
        return files.faults(LEAST.replace(url, url + "?" + parameters));
    }

    @ParameterizedTest
    @CsvSource({
        "currentSchema, other, it is source.schema or target.schema",
        "options, -c%20statement_timeout=0, Freshet's own bound how long",
        "user, other, it is source.user or target.user",
        "socketTimeout, 0, by it Freshet tells that a server is gone",
        "queryTimeout, 1, by it Freshet tells that a server is gone",
        "ApplicationName, other, each process is told by it",
        "host, other, the address is what stands before the ?",
        "PGHOST, other, the address is what stands before the ?",
        "service, other, the address is what stands before the ?",
        "readOnly, true, 'Freshet writes, and needs the primary'",
        "targetServerType, secondary, 'Freshet writes, and needs the primary'",
        "autosave, always, a transaction that fails in part",
        "reWriteBatchedInserts, true, the driver then does not tell",
        "initial.statements, DELETE FROM orders, a statement of yours can change",
        "convertBooleanToNumeric, true, Freshet's statements and Debezium's rest on",
        "preferQueryMode, simple, Freshet's statements and Debezium's rest on",
        "replication, true, Freshet's statements and Debezium's rest on",
        "stringtype, unspecified, Freshet's statements and Debezium's rest on"
    })
    void whatAPromiseRestsOn(String name, String value, String risk) throws IOException {
        for (String url : List.of(SOURCE, TARGET)) {
            String key = url.equals(SOURCE) ? "source.url?" : "target.url?";
            assertThat(faults(url, name + "=" + value))
                    .singleElement()
                    .asString()
                    .startsWith(key + name + " = '" + value + "': remove it: " + risk);
        }
    }

    @Test
    void allOfThemAtOnce() throws IOException {
        String yaml =
                LEAST.replace(SOURCE, SOURCE + "?user=a&options=b&sslmode=on").replace(TARGET, TARGET + "?user=");
        assertThat(files.faults(yaml))
                .extracting(fault -> fault.replaceAll("[: ].*", ""))
                .containsExactly("source.url?user", "source.url?options", "source.url?sslmode", "target.url?user");
    }

    @Test
    void oneThatTheDriverDoesNotKnow() throws IOException {
        assertThat(faults(SOURCE, "sslMode=require&passwort=s3cret&%6fptions=x"))
                .containsExactly(
                        "source.url?sslMode: is not known to PostgreSQL's driver: did you mean sslmode?",
                        "source.url?passwort: is not known to PostgreSQL's driver: remove it",
                        "source.url?%6fptions: is not known to PostgreSQL's driver: remove it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sslmode | full | write one of disable, allow, prefer, require, verify-ca, verify-full",
                "sslNegotiation | now | write one of postgres, direct",
                "channelBinding | yes | write one of disable, prefer, require",
                "ssl | yes | write true or false",
                "tcpKeepAlive | on | write true or false",
                "connectTimeout | 10s | write a whole number",
                "sslResponseTimeout | soon | write a whole number"
            })
    void aValueThatTheDriverWouldNotTake(String name, String value, String cure) throws IOException {
        assertThat(faults(TARGET, name + "=" + value))
                .containsExactly("target.url?" + name + " = '" + value + "': " + cure);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sslrootcert", "sslcert", "sslkey"})
    void aFileThatIsNotThere(String name) throws IOException {
        for (String url : List.of(SOURCE, TARGET)) {
            assertThat(faults(url, "sslmode=verify-full&" + name + "=/absent/" + name))
                    .contains((url.equals(SOURCE) ? "source" : "target") + ".url?" + name + " = '/absent/" + name
                            + "': name a file that this user may read");
        }
    }

    @Test
    void aCertificateOfTheAuthorityThatIsNone() throws IOException {
        Path none = Files.writeString(directory.resolve("ca.pem"), "hello\n");
        assertThat(faults(SOURCE, "sslmode=verify-ca&sslrootcert=" + none))
                .containsExactly("source.url?sslrootcert = '" + none
                        + "': is no file of certificates: name one that holds them in PEM");
    }

    @Test
    void noneToHoldTheServersAgainst() throws IOException {
        // The driver would look for it in the user's home.
        String home = System.setProperty("user.home", directory.toString());
        try {
            assertThat(faults(TARGET, "sslmode=verify-full"))
                    .containsExactly("target.url?sslrootcert: is missing: name the file with the certificate of who"
                            + " signed the server's");
        } finally {
            System.setProperty("user.home", home);
        }
    }

    @Test
    void whatNoPromiseRestsOnIsTheOperators() throws IOException {
        String key = Files.createFile(directory.resolve("client.pk8")).toString();
        String url = TARGET + "?ssl&sslmode=Require&sslkey=" + key + "&sslcert=" + key.replace("/", "%2F")
                + "&connectTimeout=3&tcpKeepAlive=false&requireAuth=!md5,!password&&socketFactory=com.example.Cloud";
        assertThat(files.load(LEAST.replace(TARGET, url)).target().login().url())
                .isEqualTo(url);
    }
}
