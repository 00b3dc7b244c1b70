package dev.freshet.serving.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is said of an instant whose days the history has no more. */
class ExplainHistoryIT {
    private static final LocalDate FIRST_DAY_KEPT = LocalDate.of(2025, 3, 25);

    private ShopAndTable shop;

    /**
     * A generation of the first of March, live from the second on. User 1 was written on the 26th and before that, user 2 only before
     * that; user 3 has no row.
     */
    @BeforeEach
    void createShop() throws SQLException {
        shop = new ShopAndTable();
        shop.source("INSERT INTO users (id) VALUES (1), (2), (3)");
        shop.order(11, 1, "'10.00'", "'2025-03-10 00:00:00+00'");
        shop.order(21, 2, "'7'", "'2025-03-11 00:00:00+00'");
        shop.target("DROP TABLE history_of_all_days");
        for (LocalDate day :
                FIRST_DAY_KEPT.datesUntil(FIRST_DAY_KEPT.plusDays(5)).toList()) {
            shop.target("CREATE TABLE user_features_history_d" + day.toString().replace("-", "")
                    + " PARTITION OF user_features_history FOR VALUES FROM ('" + day + " 00:00:00+00') TO ('"
                    + day.plusDays(1) + " 00:00:00+00')");
        }
        shop.target("UPDATE freshet_generation SET created_at = '2025-03-01 00:00:00+00'");
        shop.target("UPDATE freshet_epoch SET live_from = '2025-03-02 00:00:00+00'");
        shop.target(
                "INSERT INTO user_features_history VALUES (1, false, 1, 0, 1, 12, '2025-03-10', '2025-03-26 00:00+00',"
                        + " NULL, false, 5, '2025-03-26 00:00:00+00')");
        shop.row(1, "0, 1, 12, '2025-03-10', '2025-03-26 00:00:00+00', NULL, false, 5");
        shop.row(2, "1, 1, 7, '2025-03-11', '2025-03-11 00:00:00+00', NULL, false, 4");
    }

    @AfterEach
    void closeShop() throws SQLException {
        shop.close();
    }

    private Explanation explain(long user, String at) throws Exception {
        return shop.explain(user, at).orElseThrow();
    }

    private void assertNotKept(Explanation explanation) {
        assertThat(explanation.conclusion().verdict()).isEqualTo(Verdict.NOT_KEPT);
        assertThat(explanation.conclusion().verdict().isGood()).isTrue();
        assertThat(explanation.conclusion().notes().get(0)).contains("no longer kept", "target.history.retention");
        assertThat(explanation.table().row()).isNull();
    }

    @Test
    void anInstantOfADroppedDayIsStillRecomputed() throws Exception {
        Explanation explanation = explain(1, "2025-03-12T00:00:00Z");

        assertNotKept(explanation);
        assertThat(explanation.features())
                .extracting(ExplainedFeature::recomputed)
                .containsExactly("1", "1", "10.0000", "2025-03-10");
        assertThat(explanation.features()).extracting(ExplainedFeature::table).containsOnlyNulls();
        assertThat(explanation.source().newest()).extracting(CountedOrder::id).containsExactly("11");
        assertThat(ExplanationJson.render(explanation).get("verdict").asText()).isEqualTo("not_kept");
    }

    @Test
    void aVersionOfADroppedDayIsNotKnownAlsoOnADayThatIsKept() throws Exception {
        assertNotKept(explain(1, "2025-03-25T23:59:59.999999Z"));
        assertThat(explain(1, "2025-03-26T00:00:00Z").conclusion().verdict()).isEqualTo(Verdict.HELD_OTHERWISE);
    }

    @Test
    void aRowThatWasNotWrittenSinceIsWhatWasHeldSinceTheHistoryBegins() throws Exception {
        assertNotKept(explain(2, "2025-03-24T23:59:59.999999Z"));

        Explanation explanation = explain(2, "2025-03-25T00:00:00Z");
        assertThat(explanation.table().row())
                .isNotNull()
                .extracting(HeldRow::version, HeldRow::epoch)
                .containsExactly(4L, 1);
        assertThat(explanation.conclusion().verdict()).isEqualTo(Verdict.HELD_OTHERWISE);
        assertThat(explain(2, "2025-03-25T00:00:00Z").features())
                .extracting(ExplainedFeature::table)
                .containsExactly("1", "1", "7", "2025-03-11");
    }

    /** As when the history was lost, and is begun anew. */
    @Test
    void aRowThatWasComputedSinceTheHistoryBeginsTellsNothingOfTheTimeBefore() throws Exception {
        shop.row(3, "1, 1, 7, '2025-03-11', '2025-03-27 00:00:00+00', NULL, false, 4");

        assertNotKept(explain(3, "2025-03-26T00:00:00Z"));
    }

    @Test
    void aFeatureThatIsNewerThanTheTableIsEmptyInIt() throws Exception {
        shop.target("ALTER TABLE user_features_g1 DROP COLUMN avg_order_value CASCADE");
        shop.completeThroughAll();

        assertThat(explain(2, "2025-03-25T00:00:00Z").features())
                .extracting(ExplainedFeature::table)
                .containsExactly("1", "1", null, "2025-03-11");
    }

    @Test
    void aUserWithoutARowInATableThatIsOlderThanTheHistoryIsNotKnown() throws Exception {
        assertNotKept(explain(3, "2025-03-27T00:00:00Z"));
        shop.target("UPDATE freshet_generation SET state = 'dropped'");
        assertNotKept(explain(2, "2025-03-27T00:00:00Z"));
    }

    @Test
    void aHistoryThatKnowsItsGenerationFromTheBeginningTellsThatThereWasNoRow() throws Exception {
        shop.target("UPDATE freshet_generation SET created_at = '2025-03-25 00:00:00+00'");
        shop.target("UPDATE freshet_epoch SET live_from = '2025-03-25 01:00:00+00'");

        for (String at : List.of("2025-03-25T00:59:59Z", "2025-03-25T01:00:00Z")) {
            assertThat(explain(1, at).conclusion().verdict()).as(at).isEqualTo(Verdict.NOTHING_HELD);
        }
        shop.target("INSERT INTO user_features_history (generation, removed, user_id, computed_at, version, held_from)"
                + " VALUES (1, true, 1, now(), 6, '2025-03-27 00:00:00+00')");
        assertThat(explain(1, "2025-03-27T00:00:00Z").conclusion().verdict()).isEqualTo(Verdict.NOTHING_HELD);
    }

    @Test
    void aHistoryWithoutADayTellsNothing() throws Exception {
        for (LocalDate day :
                FIRST_DAY_KEPT.datesUntil(FIRST_DAY_KEPT.plusDays(5)).toList()) {
            shop.target("DROP TABLE user_features_history_d" + day.toString().replace("-", ""));
        }

        assertNotKept(explain(1, "2025-03-27T00:00:00Z"));
        assertNotKept(explain(2, "2025-03-27T00:00:00Z"));
    }
}
