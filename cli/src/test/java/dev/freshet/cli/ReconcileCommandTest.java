package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.reconcile.ReconcileReport;
import dev.freshet.ops.reconcile.RepairReport;

class ReconcileCommandTest {
    private static final ReconcileReport CLEAN = report(0);
    private static final ReconcileReport WRONG = report(0, "7");
    private static final RepairReport REPAIRED = new RepairReport(1, 1, 0, List.of());

    private final ReconcileCommand plain = command("reconcile", "--config", "a.yaml");
    private final ReconcileCommand strict = command("reconcile", "--config", "a.yaml", "--strict");

    private static ReconcileCommand command(String... words) {
        return (ReconcileCommand) NamedCommandsTest.parsed(words).getCommand();
    }

    private static ReconcileReport report(long unverified, String... differing) {
        return new ReconcileReport(
                100,
                0,
                0,
                Map.of("order_count_7d", (long) differing.length),
                3,
                unverified,
                List.of(),
                differing.length,
                List.of(differing));
    }

    @Test
    void aDifferenceFails() {
        assertThat(plain.code(CLEAN)).isZero();
        assertThat(plain.code(WRONG)).isEqualTo(1);
        assertThat(strict.code(CLEAN)).isZero();
    }

    @Test
    void unverifiedFailsOnlyStrict() {
        assertThat(plain.code(report(1))).isZero();
        assertThat(strict.code(report(1))).isEqualTo(1);
    }

    @Test
    void whatIsRepairedAndRightThenIsNoDifferenceAnyMore() {
        assertThat(plain.code(WRONG, REPAIRED, CLEAN)).isZero();
        assertThat(plain.code(WRONG, REPAIRED, WRONG)).isEqualTo(1);
    }

    @Test
    void aRepairThatIsNotCompleteFails() {
        RepairReport unanswered = new RepairReport(1, 0, 1, List.of());
        assertThat(plain.code(WRONG, unanswered, CLEAN)).isEqualTo(1);
    }

    @Test
    void unverifiedFailsOnlyStrictAlsoBesideWhatIsRepaired() {
        assertThat(plain.code(report(1, "7"), REPAIRED, report(1))).isZero();
        assertThat(strict.code(report(1, "7"), REPAIRED, CLEAN)).isEqualTo(1);
        assertThat(strict.code(WRONG, REPAIRED, report(1))).isEqualTo(1);
    }
}
