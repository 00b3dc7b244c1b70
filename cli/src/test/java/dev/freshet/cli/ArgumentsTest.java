package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad inputs, rows 24 and 28: what is in an argument, in a process of its own where the JVM reads the bytes. */
class ArgumentsTest {
    /** As bytes, octal for a shell's printf. */
    private static final String LATIN_1 = "caf\\351.yaml";

    @Test
    void bytesThatAreNoTextAreRefused() throws Exception {
        for (String locale : List.of("C.UTF-8", "POSIX")) {
            assertThat(run(locale, "$(printf '" + LATIN_1 + "')"))
                    .startsWith("2 freshet: argument 3 holds bytes that are no text in this locale: ");
        }
    }

    @Test
    void otherTextIsNot() throws Exception {
        assertThat(run("C.UTF-8", "caf\u00e9.yaml"))
                .startsWith("2 freshet: the configuration cannot be used:\n  caf\u00e9.yaml: does not exist");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--config", "a.yaml", "/secrets/freshet.yaml", "--info=passwords/x.json", "a//b:c/d.yaml"})
    void namesOfFilesAreNoPasswords(String argument) {
        assertThat(Arguments.fault(argument)).isEmpty();
    }

    @Test
    void aControlCharacterIsRefusedAndNotRepeated() {
        assertThat(Arguments.fault("ingest", "--config", "a\nb")).hasValue("argument 3 holds a control character");
    }

    /** Exit code and standard error of 'freshet ingest --config' with this word of a shell. */
    private static String run(String locale, String word) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder shell = new ProcessBuilder(
                "sh",
                "-c",
                "'" + java + "' -Dstderr.encoding=UTF-8 dev.freshet.cli.Freshet ingest --config \"" + word + "\" 2>&1");
        shell.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        shell.environment().put("LC_ALL", locale);
        Process process = shell.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() + " " + output;
    }
}
