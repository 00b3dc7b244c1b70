package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DeadLettersCommandTest {
    private final StringWriter told = new StringWriter();

    /** With as many letters found as are given. */
    private int codeOf(long found, String... words) {
        CommandLine list = NamedCommandsTest.parsed(words);
        list.setErr(new PrintWriter(told, true));
        return ((DeadLettersCommand.ListCommand) list.getCommand()).code(found, 0);
    }

    @Test
    void aLetterThatIsNamedAndNotThereIsToldOf() {
        assertThat(codeOf(2, "deadletters", "list", "5", "6", "7", "--config", "a.yaml"))
                .isEqualTo(1);
        assertThat(told.toString().strip())
                .isEqualTo("freshet: 1 of the letters named is not there; those that are:"
                        + " freshet deadletters list --config a.yaml");
    }

    @Test
    void oneThatIsThereAndFilteredOutIsNotCalledAbsent() {
        assertThat(codeOf(0, "deadletters", "list", "5", "--user", "9", "--config", "a.yaml"))
                .isEqualTo(1);
        assertThat(told.toString()).contains("is not there, or not as filtered;");
    }

    @Test
    void nothingIsToldWhereAllThatAreNamedAreThere() {
        assertThat(codeOf(1, "deadletters", "list", "5", "5", "--config", "a.yaml"))
                .isZero();
        assertThat(codeOf(0, "deadletters", "list", "--user", "9", "--config", "a.yaml"))
                .isZero();
        assertThat(told.toString()).isEmpty();
    }
}
