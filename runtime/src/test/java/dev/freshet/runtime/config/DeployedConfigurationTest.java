package dev.freshet.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** deploy/freshet.yaml with the variables of deploy/compose.yaml, without Docker. */
class DeployedConfigurationTest {
    private static final Path DEPLOY = Path.of("..", "deploy");
    private static final Pattern VARIABLE = Pattern.compile("(?m)^ +(FRESHET_\\w+): \"?([^\"\\n]+)\"?$");

    @TempDir
    Path directory;

    @Test
    void itIsWithoutFault() throws IOException {
        Map<String, String> environment = variables();
        Path password = Files.writeString(directory.resolve("password"), "s3cret\n");
        assertThat(environment.entrySet())
                .filteredOn(variable -> variable.getKey().endsWith("_PASSWORD_FILE"))
                .extracting(Map.Entry::getValue)
                .containsExactly("/run/secrets/freshet-password", "/run/secrets/freshet-password");
        environment.replaceAll((key, value) -> key.endsWith("_PASSWORD_FILE") ? password.toString() : value);

        FreshetConfig config = FreshetConfig.load(DEPLOY.resolve("freshet.yaml"), environment);

        assertThat(config.source().login().url()).isEqualTo("jdbc:postgresql://postgres:5432/shop");
        assertThat(config.source().login().password().reveal()).isEqualTo("s3cret");
        assertThat(config.target().schema()).isEqualTo("features");
        assertThat(config.streams().requireStateDir()).isEqualTo(Path.of("/var/lib/freshet/streams"));
        assertThat(config.streams().membership().instanceId()).isEqualTo("streams-0");
        assertThat(config.sink().membership().instanceId()).isEqualTo("sink-0");
    }

    private static Map<String, String> variables() throws IOException {
        Map<String, String> variables = new HashMap<>();
        Matcher matcher = VARIABLE.matcher(Files.readString(DEPLOY.resolve("compose.yaml")));
        while (matcher.find()) {
            variables.put(matcher.group(1), matcher.group(2));
        }
        return variables;
    }
}
