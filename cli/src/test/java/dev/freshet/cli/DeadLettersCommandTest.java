package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

import dev.freshet.ops.reconcile.ReconcileReport;
import dev.freshet.ops.reconcile.RepairReport;

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
    void aReplayHasSucceededOnlyWhereAllUsersAreRightBeyondDoubt() {
        RepairReport repaired = new RepairReport(2, 2, 0, List.of());
        assertThat(DeadLettersCommand.ReplayCommand.isAllRight(repaired, then(0, 0)))
                .isTrue();
        assertThat(DeadLettersCommand.ReplayCommand.isAllRight(repaired, then(1, 0)))
                .as("one is incomplete")
                .isFalse();
        assertThat(DeadLettersCommand.ReplayCommand.isAllRight(repaired, then(0, 1)))
                .as("one is unverified")
                .isFalse();
        assertThat(DeadLettersCommand.ReplayCommand.isAllRight(new RepairReport(2, 1, 1, List.of()), then(0, 0)))
                .as("one was not answered")
                .isFalse();
    }

    private static ReconcileReport then(long incomplete, long unverified) {
        return new ReconcileReport(2, 0, 0, Map.of(), incomplete, unverified, List.of(), 0, List.of());
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
