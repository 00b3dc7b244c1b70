package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class NamedCommandsTest {
    /** The command that is run, with what it was told. */
    static CommandLine parsed(String... words) {
        CommandLine commandLine = Freshet.commandLine();
        commandLine.parseArgs(words);
        CommandLine last = commandLine;
        while (last.getParseResult().hasSubcommand()) {
            last = last.getParseResult().subcommand().commandSpec().commandLine();
        }
        return last;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Begin one: freshet replay start|Begin one: freshet replay start --config a.yaml",
                "run: freshet replay start --from-source --go-live; then start|"
                        + "run: freshet replay start --from-source --go-live --config a.yaml; then start",
                "wait (freshet replay status --watch), or freshet replay drop 2 --yes|"
                        + "wait (freshet replay status --watch --config a.yaml), or freshet replay drop 2 --yes --config a.yaml",
                "freshet replay swap, or rollback|freshet replay swap --config a.yaml, or rollback",
                "freshet doctor --fix.|freshet doctor --fix --config a.yaml.",
                "freshet status tells|freshet status --config a.yaml tells",
                "given up by freshet replay drop|given up by freshet replay drop",
                "freshet status --config b.yaml|freshet status --config b.yaml",
                "freshet streams-job failed|freshet streams-job failed"
            })
    void aCommandIsNamedAsTheReaderWouldRunIt(String text, String expected) {
        assertThat(NamedCommands.runnable(text, parsed("replay", "status", "--config", "a.yaml")))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"a b.json, 'freshet status --info ''a b.json'''", "it's.json, \"freshet status --info 'it'\\''s.json'\""
    })
    void aNameThatAShellWouldTakeApartIsQuoted(String file, String expected) {
        String named = NamedCommands.runnable("freshet status", parsed("drift", "--info=" + file));
        assertThat(named).isEqualTo(expected.replaceAll("^\"|\"$", ""));
    }
}
