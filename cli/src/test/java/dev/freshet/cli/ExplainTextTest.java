package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.serving.explain.CountedOrder;
import dev.freshet.serving.explain.ExplainedFeature;
import dev.freshet.serving.explain.Explanation;
import dev.freshet.serving.explain.HeldRow;
import dev.freshet.serving.explain.SourceSide;
import dev.freshet.serving.explain.Verdict;

class ExplainTextTest {
    private static final Instant NOON = Instant.parse("2025-03-31T12:00:00Z");
    private static final SourceSide.Rest NO_REST = new SourceSide.Rest(0, 0, null, 0, 0);

    private static ExplainedFeature feature(
            int index, @Nullable String table, @Nullable String recomputed, ExplainedFeature.Working working) {
        return new ExplainedFeature(
                Catalogue.standard().features().get(index),
                table,
                recomputed,
                String.valueOf(table).equals(recomputed),
                working);
    }

    private static List<ExplainedFeature> features() {
        return List.of(
                feature(0, "1", "1", new ExplainedFeature.Working(1, 0, null, "14", NOON)),
                feature(1, "2", "3", new ExplainedFeature.Working(3, 0, null, "14", NOON)),
                feature(2, "20.5000", "20.5000", new ExplainedFeature.Working(3, 2, "41.00", "14", NOON)),
                feature(3, "2025-03-31", "2025-03-31", new ExplainedFeature.Working(3, 0, null, "14", NOON)));
    }

    private static CountedOrder order(String id, String createdAt, @Nullable String total, String... leaves) {
        return new CountedOrder(
                id,
                Instant.parse(createdAt),
                List.of(new CountedOrder.Amount("total", total)),
                Arrays.stream(leaves)
                        .map(leave -> leave.split(" "))
                        .map(leave -> new CountedOrder.Stay(leave[0], Instant.parse(leave[1])))
                        .toList());
    }

    @Test
    void aRowIsReadFromTheVerdictToTheOrders() {
        Explanation explanation = new Explanation(
                "17",
                NOON,
                new Explanation.Table(
                        NOON, new HeldRow(812, 1, NOON, Instant.parse("2025-04-07T12:00:00Z"), true, List.of())),
                new SourceSide(
                        true,
                        NOON,
                        List.of(
                                order(
                                        "14",
                                        "2025-03-31T12:00:00Z",
                                        "1.01",
                                        "order_count_7d 2025-04-07T12:00:00Z",
                                        "order_count_30d 2025-04-30T12:00:00Z"),
                                order(
                                        "9",
                                        "2025-03-20T00:00:00.000001Z",
                                        null,
                                        "order_count_30d 2025-04-19T00:00:00.000001Z")),
                        3,
                        NO_REST),
                features(),
                new Explanation.Conclusion(Verdict.INCOMPLETE, List.of("look at freshet deadletters list")));
        assertThat(String.join("\n", ExplainText.lines(explanation, false))).isEqualTo("""
                user 17 at 2025-03-31T12:00:00Z: the table differs from the source's orders, and is flagged incomplete
                the row: version 812 of epoch 1, computed at 2025-03-31T12:00:00Z, exact until 2025-04-07T12:00:00Z, incomplete
                  look at freshet deadletters list

                feature          table       recomputed           made of
                order_count_7d   1           1                    1 order
                order_count_30d  2           3           differs  3 orders
                avg_order_value  20.5000     20.5000              41.00 / 2, of 3 orders, 1 of them NULL
                last_order_date  2025-03-31  2025-03-31           order 14, 2025-03-31T12:00:00Z

                the orders that count, newest first:
                id  created_at                   total  leaves order_count_7d  leaves order_count_30d
                14  2025-03-31T12:00:00Z         1.01   2025-04-07T12:00:00Z   2025-04-30T12:00:00Z
                9   2025-03-20T00:00:00.000001Z  NULL   has left               2025-04-19T00:00:00.000001Z
                and 1 more (see --limit)""");
    }

    @Test
    void withoutARowItSaysWhatTheOrdersMakeAndCutsWhatIsLong() {
        String sum = "1".repeat(1_003);
        List<ExplainedFeature> features =
                List.of(feature(2, null, sum + ".0000", new ExplainedFeature.Working(1, 1, sum, "14", NOON)));
        Explanation explanation = new Explanation(
                "17",
                NOON,
                new Explanation.Table(NOON, null),
                new SourceSide(true, NOON, List.of(), 0, NO_REST),
                features,
                new Explanation.Conclusion(Verdict.NOT_KEPT, List.of("it was dropped")));
        assertThat(String.join("\n", ExplainText.lines(explanation, true))).isEqualTo("""
                user 17 at 2025-03-31T12:00:00Z: what the source's orders of now make; the table's side is no longer kept
                  it was dropped

                feature          table then  recomputed                               made of
                avg_order_value  -           11111111111111111111... (1,008 chars)    11111111111111111111... (1,003 chars) / 1, of 1 order""");
    }
}
