package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.drift.DriftReport;
import dev.freshet.ops.drift.DriftReport.Sample;

class DriftTextTest {
    private static final DriftReport CLEAN =
            new DriftReport(1_234, 0, 0, Map.of("order_count_7d", 0L), 0, 0, List.of());
    private static final DriftReport DIRTY = new DriftReport(
            10, 1, 2, Map.of("order_count_7d", 3L), 5, 4, List.of(new Sample("7", "order_count_7d", "2", null)));

    @Test
    void aCleanReportIsOneLine() {
        assertThat(DriftText.lines(CLEAN))
                .containsExactly("drift check: 1,234 users compared with the truth, 0 differences");
    }

    @Test
    void everyDifferenceIsCountedAndIncompleteRowsAreNot() {
        assertThat(DriftText.differences(DIRTY)).isEqualTo(1 + 2 + 3 + 4);
        assertThat(DriftText.lines(DIRTY))
                .contains(
                        "drift check: 10 users compared with the truth, 10 differences; 5 incomplete rows not compared",
                        "  1 user without a row",
                        "  3 wrong values of order_count_7d",
                        "  user 7: order_count_7d is 2, the truth is NULL");
    }

    @Test
    void oneIsSingular() {
        assertThat(DriftText.lines(new DriftReport(1, 0, 0, Map.of(), 1, 1, List.of())))
                .containsExactly(
                        "drift check: 1 user compared with the truth, 1 difference; 1 incomplete row not compared",
                        "  1 row behind its time");
    }

    @Test
    void jsonHasTheSameNumbers() {
        assertThat(DriftText.json(DIRTY))
                .contains("\"differences\" : 10", "\"order_count_7d\" : 3", "\"truth\" : null");
    }
}
