package dev.freshet.e2e.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.feature.FeatureValue;
import dev.freshet.testkit.oracle.Truth;

/** Whoever looks on sees what is wrong, and nothing that is right. Times are seconds of 1970-01-01. */
class JudgeTest {
    private static final long SECOND = 1_000_000;
    private static final long WEEK = 7 * 24 * 3_600 * SECOND;
    private static final long MONTH = 30 * 24 * 3_600 * SECOND;

    private final List<String> findings = new ArrayList<>();
    private final Judge judge = new Judge(findings::add, Duration.ofMillis(100));
    private int transactions;

    private void happens(long second, Happening... happenings) {
        judge.learn(List.of(new Committed(++transactions, second * SECOND, List.of(happenings))));
    }

    private static Happening.OrderCame order(long id, long user, long second, String total) {
        return new Happening.OrderCame(id, user, second * SECOND, Numeric.of(new BigDecimal(total)));
    }

    private static FeatureRow row(long user, long version, long second, int orders, String mean) {
        return row(user, version, second, orders, mean, orders == 0 ? null : (Long) (WEEK + 10 * SECOND));
    }

    private static FeatureRow row(long user, long version, long second, int orders, String mean, Long exactUntil) {
        List<FeatureValue> values = Arrays.asList(
                new FeatureValue.Count(orders),
                new FeatureValue.Count(orders),
                mean == null ? null : new FeatureValue.Amount(Numeric.of(new BigDecimal(mean))),
                orders == 0 ? null : new FeatureValue.Day(LocalDate.EPOCH));
        return new FeatureRow(user, 1, version, second * SECOND, new Truth(values, exactUntil, false));
    }

    private void sees(long completeSecond, FeatureRow... rows) {
        judge.see(new TableRead(1, completeSecond, completeSecond * SECOND, List.of(rows)));
        judge.settle();
    }

    /** What contradicts the past is doubted for a while. */
    private void awaitFinding(String text) {
        await("a finding").atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            judge.settle();
            assertThat(findings).anySatisfy(finding -> assertThat(finding).contains(text));
        });
    }

    @Test
    void aTableThatFollowsTheSourceIsRight() {
        happens(10, new Happening.UserCame(1));
        sees(11, row(1, 5, 10, 0, null));
        happens(12, order(100, 1, 10, "4"), order(101, 1, 10, "5"));
        sees(13, row(1, 9, 12, 2, "4.5"));
        happens(14, new Happening.OrderLeft(100, 1), new Happening.OrderLeft(101, 1), new Happening.UserLeft(1));
        sees(15);
        assertThat(findings).isEmpty();
        assertThat(judge.claims().rowsCompared()).isEqualTo(2);
        assertThat(judge.claims().rowsInDoubt()).isZero();
    }

    @Test
    void aRowThatShowsHalfATransactionIsFound() {
        happens(10, new Happening.UserCame(1));
        happens(12, order(100, 1, 10, "4"), order(101, 1, 10, "5"));
        sees(13, row(1, 9, 12, 1, "4"));
        awaitFinding("not the truth at its computed_at");
    }

    @Test
    void aRowIsTheTruthOfItsOwnTimeAndNotOfALaterOne() {
        happens(10, new Happening.UserCame(1));
        happens(12, order(100, 1, 10, "4"));
        sees(11, row(1, 9, 11, 0, null));
        assertThat(findings).isEmpty();
        sees(13, row(1, 10, 13, 0, null));
        awaitFinding("not the truth at its computed_at");
    }

    @Test
    void aRowThatGoesBackIsFoundAtOnce() {
        happens(10, new Happening.UserCame(1));
        sees(11, row(1, 9, 10, 0, null));
        sees(11, row(1, 8, 10, 0, null));
        assertThat(findings).singleElement().asString().startsWith("went back");
    }

    @Test
    void aTableThatIsLessCompleteThanBeforeIsFound() {
        sees(12);
        sees(11);
        assertThat(findings).singleElement().asString().startsWith("complete through went back");
    }

    @Test
    void aRowThatTimeShouldHaveChangedIsFound() {
        happens(10, new Happening.UserCame(1), order(100, 1, 10, "4"));
        sees(MONTH / SECOND, row(1, 9, 10, 1, "4"));
        assertThat(findings).anySatisfy(finding -> assertThat(finding).contains("time alone should have changed it"));
    }

    @Test
    void aUserWhoIsMissingInACompleteTableIsFound() {
        happens(10, new Happening.UserCame(1));
        sees(10);
        assertThat(findings).as("it is not said to be complete so far").isEmpty();
        awaitMissing();
    }

    private void awaitMissing() {
        await("a finding").atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            sees(20);
            assertThat(findings).anySatisfy(finding -> assertThat(finding).contains("user 1 has no row"));
        });
    }

    @Test
    void aChangeThatNeverCameIsFound() {
        happens(10, new Happening.UserCame(1));
        sees(11, row(1, 9, 10, 0, null));
        happens(12, order(100, 1, 10, "4"));
        await("a finding").atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            sees(20, row(1, 9, 10, 0, null));
            assertThat(findings).anySatisfy(finding -> assertThat(finding).contains("and wrong: user 1"));
        });
    }
}
