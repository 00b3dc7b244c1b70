package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What is refused before a database is asked for anything: none is there. */
class ExportCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    private int export(Path labels) throws IOException {
        Path config = Files.writeString(directory.resolve("freshet.yaml"), """
                source: {url: "jdbc:postgresql://localhost:1/shop", user: reader}
                target: {url: "jdbc:postgresql://localhost:1/shop", user: writer}
                kafka.bootstrap.servers: localhost:1
                schema.registry.url: http://localhost:1
                """);
        CommandLine commandLine = Freshet.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return Freshet.execute(
                commandLine,
                "export",
                "--config",
                config.toString(),
                "--labels",
                labels.toString(),
                "--out",
                directory.resolve("train.csv").toString());
    }

    /** Bad inputs, rows 40 and 41: with the line, and before a database is asked for anything. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-|: there is no such file",
                "''|' is empty: line 1 of a CSV file names the columns'",
                "MARKuser_id,label_time\\n|: line 1 begins with a byte order mark: cut it off",
                "user_id,label_time\\r\\n1,2026-01-02T00:00:00Z\\r\\n|: line 1 ends in CR LF: let all lines end in LF",
                "user_id,label_time\\n1,2026-01-02T00:00:00Z\\r\\n|: line 2 ends in CR LF: let all lines end in LF",
                "user_id,label_time\\n1\\n|: line 2 has 1 cell",
                "user_id,label_time\\n\\0,2026-01-02T00:00:00Z\\n|: line 2 holds a NUL"
            })
    void labelsThatCannotBeUsedAreRefusedInOneLineAndNothingIsWritten(@Nullable String text, String reason)
            throws Exception {
        Path labels = directory.resolve("labels.csv");
        if (text != null) {
            Files.writeString(labels, text.replace("MARK", "\uFEFF").translateEscapes());
        }

        assertThat(export(labels)).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("freshet: --labels " + labels + reason)
                .hasLineCount(1);
        assertThat(out.toString()).isEmpty();
        assertThat(directory.toFile().list()).isSubsetOf("freshet.yaml", "labels.csv");
    }

    /** Bad inputs, row 31. */
    @Test
    void anOutputThatIsThereIsNotReplacedUnasked() throws Exception {
        Path there = Files.writeString(directory.resolve("train.csv"), "weeks of work");

        assertThat(export(directory.resolve("labels.csv"))).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("freshet: --out: ")
                .endsWith("train.csv is there already: name another file, or replace it with --force\n")
                .hasLineCount(1);
        assertThat(there).hasContent("weeks of work");
    }
}
