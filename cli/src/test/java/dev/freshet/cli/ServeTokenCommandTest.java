package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import dev.freshet.serving.auth.Holder;
import dev.freshet.serving.auth.Scope;
import dev.freshet.serving.auth.TokenFile;

class ServeTokenCommandTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine commandLine = Freshet.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        return Freshet.execute(commandLine, arguments);
    }

    @Test
    void theFirstLineIsTheTokenThatTheSecondOneMakesKnown() throws Exception {
        assertThat(run("serve-token", "--scope", "admin", "--label", "the team"))
                .isZero();

        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(2);
        Path file = Files.writeString(directory.resolve("tokens"), lines.get(1) + "\n");
        assertThat(TokenFile.read(file).holder(lines.get(0), Instant.MAX))
                .contains(new Holder(Scope.ADMIN, "the team"));
        assertThat(err.toString()).contains("serving.tokens.file").doesNotContain(lines.get(0));
    }

    @Test
    void aTokenMayExpire() throws Exception {
        assertThat(run(
                        "serve-token",
                        "--scope",
                        "read",
                        "--label",
                        "a trial",
                        "--expires",
                        "2999-03-31T14:00:00+02:00"))
                .isZero();

        List<String> lines = out.toString().lines().toList();
        Path file = Files.writeString(directory.resolve("tokens"), lines.get(1) + "\n");
        Instant end = Instant.parse("2999-03-31T12:00:00Z");
        assertThat(TokenFile.read(file).holder(lines.get(0), end.minusNanos(1)))
                .contains(new Holder(Scope.READ, "a trial"));
        assertThat(TokenFile.read(file).holder(lines.get(0), end)).isEmpty();
    }

    @Test
    void anExpiryThatIsNoInstantOrIsPastIsRefused() {
        for (String expiry : List.of("tomorrow", "2999-03-31", "2999-03-31T12:00:00", "", "2020-01-01T00:00:00Z")) {
            assertThat(run("serve-token", "--scope", "read", "--expires", expiry))
                    .as(expiry)
                    .isEqualTo(2);
        }
        assertThat(err.toString())
                .contains("--expires 'tomorrow' is not a point in time")
                .contains("--expires 2020-01-01T00:00:00Z is not in the future");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aLabelThatTheFileWouldTakeForAnExpiryIsRefused() {
        assertThat(run("serve-token", "--scope", "read", "--label", "Expires soon"))
                .isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aScopeThatIsNoneIsRefused() {
        assertThat(run("serve-token")).isEqualTo(2);
        assertThat(run("serve-token", "--scope", "all")).isEqualTo(2);
        assertThat(err.toString()).contains("read, admin");
        assertThat(run("serve-token", "--scope", "read", "--label", "a\nb")).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }
}
