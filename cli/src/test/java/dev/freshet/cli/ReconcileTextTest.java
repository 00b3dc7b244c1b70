package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.deadletters.StoredLetter;
import dev.freshet.ops.drift.DriftReport.Sample;
import dev.freshet.ops.reconcile.ReconcileReport;
import dev.freshet.ops.reconcile.RepairReport;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.record.DeadLetter;

class ReconcileTextTest {
    private static final ReconcileReport REPORT = new ReconcileReport(
            1_234,
            1,
            2,
            Map.of("order_count_7d", 3L, "exact_until", 0L),
            5,
            6,
            List.of(new Sample("7", "order_count_7d", "2", null)),
            6,
            List.of());

    @Test
    void usersAreCountedByWhatIsWrongWithThem() {
        assertThat(ReconcileText.lines(REPORT))
                .containsExactly(
                        "1,234 users checked: 1 missing, 2 extra, 3 wrong; 5 incomplete and not compared, 6 unverified",
                        "  3 wrong in order_count_7d",
                        "  user 7: order_count_7d is 2, the truth is null");
        assertThat(ReconcileText.json(REPORT).toString())
                .contains("\"differing_users\":6", "\"unverified\":6", "\"order_count_7d\":3", "\"truth\":null");
    }

    @Test
    void aRepairSaysWhatItCouldNotDo() {
        assertThat(ReconcileText.lines(new RepairReport(4, 2, 1, List.of("user 9: it has too many orders"))))
                .containsExactly(
                        "2 of 4 users read anew from the source",
                        "  1 were not answered: does ingest run?",
                        "  user 9: it has too many orders");
    }

    @Test
    void ofALetterOnlySomeBytesAreShown() {
        StoredLetter letter = new StoredLetter(
                17,
                new DeadLetter(
                        2,
                        "streams",
                        "t-0@5",
                        "no schema",
                        ChangeKey.order(Id.of(1), Id.of(2)),
                        null,
                        "secret".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        0));
        assertThat(LetterText.lines(letter, 3))
                .containsExactly(
                        "17  1970-01-01T00:00:00Z  g2 streams  user 1, orders 2  t-0@5: no schema",
                        "  key    none",
                        "  value  736563 ... of 6 bytes");
        assertThat(LetterText.json(letter, -1).has("value")).isFalse();
        assertThat(LetterText.json(letter, 9).toString()).contains("\"value\":\"736563726574\"");
    }
}
