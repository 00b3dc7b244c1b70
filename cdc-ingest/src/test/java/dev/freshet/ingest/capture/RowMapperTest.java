package dev.freshet.ingest.capture;

import static dev.freshet.ingest.capture.Records.UNAVAILABLE;
import static dev.freshet.ingest.capture.Records.at;
import static dev.freshet.ingest.capture.Records.order;
import static dev.freshet.ingest.capture.Records.orderWith;
import static dev.freshet.ingest.capture.Records.user;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

import dev.freshet.ingest.capture.Entry.ControlEntry;
import dev.freshet.ingest.capture.Entry.Letter;
import dev.freshet.ingest.capture.Entry.RowEntry;
import dev.freshet.runtime.filter.RowFilter;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.Change.OrderRow;
import dev.freshet.schemas.change.Change.RowDeleted;
import dev.freshet.schemas.change.Change.RowUnusable;
import dev.freshet.schemas.change.Change.UserRow;
import dev.freshet.schemas.change.ChangeKey;

class RowMapperTest {
    private static final String NOON = "2024-01-01T12:00:00.123456Z";
    private static final long NOON_MICROS = 1_704_110_400_123_456L;
    private static final long LSN = 77;
    private static final long XID = 5;

    private boolean identityHolds = true;

    private List<Entry> map(ReplicaIdentity identity, SourceRecord record) {
        EventReader reader = new EventReader(
                Records.MAPPING,
                UNAVAILABLE,
                identity,
                new TableDefinitions("a: b"),
                () -> new TableDefinitions(identityHolds ? "a: b" : "a: c"));
        return reader.entries(record, Place.of(record), XID * 10);
    }

    private List<Entry> map(SourceRecord record) {
        return map(ReplicaIdentity.FULL, record);
    }

    private List<Entry> filtered(ReplicaIdentity identity, String op, Struct before, Struct after) {
        SourceRecord record = at(LSN, XID).ordersWithStatus(op, before, after);
        Mapping mapping = Records.mapping(RowFilter.parse("status <> 'cancelled'"));
        return new EventReader(
                        mapping,
                        UNAVAILABLE,
                        identity,
                        new TableDefinitions("a: b"),
                        () -> new TableDefinitions(identityHolds ? "a: b" : "a: c"))
                .entries(record, Place.of(record), XID * 10);
    }

    private static RowEntry entry(ChangeKey.Row key, Change.Body body) {
        return new RowEntry(key, new Change(LSN, XID * 10, body));
    }

    private static ChangeKey.Row orderKey(long user, long order) {
        return ChangeKey.order(Id.of(user), Id.of(order));
    }

    private static OrderRow row(String total) {
        return new OrderRow(NOON_MICROS, List.of(Numeric.parse(total)));
    }

    @Test
    void anInsertOrReadOrUpdateIsTheRowAsItIsNow() {
        for (String op : List.of("c", "r")) {
            assertThat(map(at(LSN, XID).orders(op, null, order(3, 1L, "1.50", NOON))))
                    .containsExactly(entry(orderKey(1, 3), row("1.50")));
        }
        assertThat(map(at(LSN, XID).orders("u", order(3, 1L, "1.50", NOON), order(3, 1L, "NAN", NOON))))
                .containsExactly(entry(orderKey(1, 3), row("NaN")));
    }

    @Test
    void anOrderThatMovesIsDeletedUnderItsOldUserFirst() {
        assertThat(map(at(LSN, XID).orders("u", order(3, 1L, "2", NOON), order(3, 9L, "2", NOON))))
                .containsExactly(entry(orderKey(1, 3), new RowDeleted()), entry(orderKey(9, 3), row("2")));
    }

    @Test
    void aDeleteGoesUnderTheUserOfTheOldRow() {
        assertThat(map(at(LSN, XID).orders("d", order(3, 4L, "2", NOON), null)))
                .containsExactly(entry(orderKey(4, 3), new RowDeleted()));
    }

    @Test
    void aNullCreatedAtIsKept() {
        assertThat(map(at(LSN, XID).orders("c", null, order(3, 1L, "2", null))))
                .containsExactly(entry(orderKey(1, 3), new OrderRow(null, List.of(Numeric.parse("2")))));
    }

    @Test
    void usersComeAndGo() {
        assertThat(map(at(LSN, XID).users("c", null, user(8))))
                .containsExactly(entry(ChangeKey.user(Id.of(8)), new UserRow()));
        assertThat(map(at(LSN, XID).users("d", user(8), null)))
                .containsExactly(entry(ChangeKey.user(Id.of(8)), new RowDeleted()));
    }

    @Test
    void anOrderThatDoesNotPassTheFilterIsNoneAndOneThatLeavesItIsRemoved() {
        Struct paid = orderWith("paid", order(3, 1L, "2", NOON));
        Struct movedAndPaid = orderWith("paid", order(3, 9L, "2", NOON));
        Struct cancelled = orderWith("cancelled", order(3, 1L, "2", NOON));
        Struct unknown = orderWith(null, order(3, 1L, "2", NOON));
        for (Struct out : List.of(cancelled, unknown)) {
            for (String op : List.of("c", "r")) {
                assertThat(filtered(ReplicaIdentity.FULL, op, null, out)).isEmpty();
            }
            assertThat(filtered(ReplicaIdentity.FULL, "u", paid, out))
                    .containsExactly(entry(orderKey(1, 3), new RowDeleted()));
            assertThat(filtered(ReplicaIdentity.INDEX, "u", null, out))
                    .containsExactly(entry(orderKey(1, 3), new RowDeleted()));
            assertThat(filtered(ReplicaIdentity.FULL, "u", movedAndPaid, out))
                    .containsExactly(entry(orderKey(9, 3), new RowDeleted()));
            assertThat(filtered(ReplicaIdentity.FULL, "u", out, paid)).containsExactly(entry(orderKey(1, 3), row("2")));
            assertThat(filtered(ReplicaIdentity.INDEX, "u", null, paid))
                    .containsExactly(entry(orderKey(1, 3), row("2")));
        }
    }

    @Test
    void whatDoesNotPassTheFilterIsNeverUnusable() {
        Struct outside = order(3, 1L, "2", "infinity");
        assertThat(filtered(ReplicaIdentity.FULL, "c", null, orderWith("cancelled", outside)))
                .isEmpty();
        assertThat(filtered(ReplicaIdentity.FULL, "c", null, orderWith("cancelled", order(3, null, "2", NOON))))
                .isEmpty();
        assertThat(filtered(ReplicaIdentity.FULL, "c", null, orderWith("secret", outside)))
                .hasSize(2)
                .last()
                .satisfies(letter -> assertThat(new String(((Letter) letter).value(), UTF_8))
                        .contains("infinity")
                        .doesNotContain("status", "secret"));
    }

    @Test
    void aRowOfWhichTheWalLacksWhatTheFilterAsksForIsUnusable() {
        List<Entry> entries =
                filtered(ReplicaIdentity.INDEX, "u", null, orderWith(UNAVAILABLE, order(3, 1L, "2", NOON)));
        assertThat(entries).hasSize(2);
        assertThat(((RowEntry) entries.get(0)).change().body()).isInstanceOf(RowUnusable.class);
    }

    @Test
    void aTruncateIsAControl() {
        Change mark = new Change(LSN, XID * 10, Change.CONTROL);
        assertThat(map(at(LSN, XID).users("t", null, null)))
                .containsExactly(new ControlEntry(ChangeKey.Control.USERS_TRUNCATED, mark));
        assertThat(map(at(LSN, XID).orders("t", null, null)))
                .containsExactly(new ControlEntry(ChangeKey.Control.ORDERS_TRUNCATED, mark));
    }

    @Test
    void aRowOutsideTheDomainIsUnusableAndADeadLetter() {
        for (String createdAt : List.of(
                "infinity",
                "-infinity",
                "-0043-03-15T00:00:00.000000Z",
                "0000-12-31T23:59:59.999999Z",
                "+10000-01-01T00:00:00Z",
                UNAVAILABLE)) {
            assertUnusable(order(3, 1L, "2", createdAt));
        }
        assertUnusable(order(3, 1L, "1".repeat(1_001), NOON));
        assertUnusable(order(3, 1L, UNAVAILABLE, NOON));
    }

    @Test
    void aValueThatTheWalLacksIsTheReasonForItsRow() {
        for (Struct row : List.of(order(3, 1L, "2", UNAVAILABLE), order(3, 1L, UNAVAILABLE, NOON))) {
            assertThat(map(at(LSN, XID).orders("u", row, row)))
                    .hasSize(2)
                    .last()
                    .satisfies(letter -> assertThat(((Letter) letter).reason()).contains("stored out of line"));
        }
    }

    private void assertUnusable(org.apache.kafka.connect.data.Struct after) {
        assertUnusable("c", after);
    }

    private void assertUnusable(String op, org.apache.kafka.connect.data.Struct after) {
        List<Entry> entries = map(at(LSN, XID).orders(op, null, after));
        assertThat(entries).hasSize(2);
        RowEntry row = (RowEntry) entries.get(0);
        Letter letter = (Letter) entries.get(1);
        assertThat(row.key()).isEqualTo(orderKey(1, 3));
        assertThat(row.change().body()).isEqualTo(new RowUnusable(letter.reason()));
        assertThat(letter.row()).isEqualTo(row.key());
        assertThat(letter.place()).isEqualTo("table=public.orders lsn=0/4D xid=5");
        assertThat(new String(letter.value(), UTF_8)).contains("\"op\":\"" + op + "\"");
    }

    @Test
    void theEdgesOfTheDomainAreUsable() {
        assertThat(map(at(LSN, XID).orders("c", null, order(3, 1L, "1".repeat(1_000), "0001-01-01T00:00:00Z"))))
                .hasSize(1);
        assertThat(map(at(LSN, XID).orders("c", null, order(3, 1L, "-INFINITY", "9999-12-31T23:59:59.999999Z"))))
                .hasSize(2);
        assertThat(map(at(LSN, XID)
                        .orders("c", null, order(3, 1L, "NEGATIVE_INFINITY", "9999-12-31T23:59:59.999999Z"))))
                .hasSize(1);
    }

    @Test
    void anOrderOfNobodyIsADeadLetterOnlyAndLeavesItsFormerUser() {
        List<Entry> entries = map(at(LSN, XID).orders("u", order(3, 1L, "2", NOON), order(3, null, "2", NOON)));
        assertThat(entries).hasSize(2);
        assertThat(entries.get(0)).isEqualTo(entry(orderKey(1, 3), new RowDeleted()));
        assertThat(((Letter) entries.get(1)).row()).isNull();
    }

    @Test
    void anUpdateWithoutAnOldRowStopsUnlessTheIdentityIsAnIndex() {
        SourceRecord record = at(LSN, XID).orders("u", null, order(3, 1L, "2", NOON));
        assertThatThrownBy(() -> map(record)).isInstanceOf(IdentityLostException.class);
        assertThat(map(ReplicaIdentity.INDEX, record)).containsExactly(entry(orderKey(1, 3), row("2")));
    }

    @Test
    void anOldRowWhoseUserMayBeFilledInStopsUnlessTheIdentityByAnIndexStillHolds() {
        for (String op : List.of("u", "d")) {
            Struct after = op.equals("u") ? order(3, 0L, "1", NOON) : null;
            SourceRecord record = at(LSN, XID).orders(op, order(3, 0L, "0", null), after);
            identityHolds = true;
            assertThat(map(ReplicaIdentity.INDEX, record)).isNotEmpty();
            identityHolds = false;
            assertThatThrownBy(() -> map(ReplicaIdentity.INDEX, record)).isInstanceOf(IdentityLostException.class);
        }
        SourceRecord ofEmpty = at(LSN, XID).deleted(3, "");
        assertThatThrownBy(() -> map(ReplicaIdentity.INDEX, ofEmpty)).isInstanceOf(IdentityLostException.class);
        assertThatThrownBy(() -> map(ofEmpty)).isInstanceOf(IdentityLostException.class);
        SourceRecord ofAnother = at(LSN, XID).deleted(3, "0");
        for (ReplicaIdentity identity : ReplicaIdentity.values()) {
            assertThat(map(identity, ofAnother)).hasSize(1);
        }
    }

    @Test
    void anOldRowWithNothingButItsKeyStopsUnderAFullIdentityWhateverThatIsNow() {
        for (Long user : new Long[] {0L, null}) {
            for (String total : new String[] {"0", null}) {
                // The last is the column's DEFAULT.
                for (String createdAt : new String[] {null, "1970-01-01T00:00:00.000000Z", "1970-01-01T00:00:00Z"}) {
                    Struct before = order(3, user, total, createdAt);
                    SourceRecord deleted = at(LSN, XID).orders("d", before, null);
                    assertThatThrownBy(() -> map(deleted)).isInstanceOf(IdentityLostException.class);
                    SourceRecord renamed = at(LSN, XID).orders("u", before, order(4, 1L, "1", NOON));
                    assertThatThrownBy(() -> map(renamed)).isInstanceOf(IdentityLostException.class);
                }
            }
        }
        identityHolds = false;
        for (Struct whole : List.of(order(3, 0L, "7", null), order(3, 0L, "0", NOON))) {
            assertThat(map(at(LSN, XID).orders("d", whole, null)))
                    .containsExactly(entry(orderKey(0, 3), new RowDeleted()));
        }
    }

    @Test
    void aNumberOfAsManyDigitsAsPostgresHasIsRefusedWithoutBeingParsed() {
        SourceRecord record = at(LSN, XID).orders("c", null, order(3, 1L, "9".repeat(131_072), NOON));
        map(record);
        java.lang.management.ThreadMXBean threads = java.lang.management.ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < 10; i++) {
            assertThat(map(record)).hasSize(2);
        }
        // Parsed, it takes ten times as long: BigDecimal is quadratic in the number of digits.
        assertThat(java.time.Duration.ofNanos(threads.getCurrentThreadCpuTime() - before))
                .isLessThan(java.time.Duration.ofMillis(100));
    }

    @Test
    void aLetterOfHugeValuesIsCutAndSaysSoAndTheLongestNumericsAreNot() throws Exception {
        Letter whole = letter("9".repeat(131_072), "8".repeat(131_072));
        assertThat(whole.reason()).doesNotContain("are kept");
        assertThat(whole.value()).hasSizeGreaterThan(2 * 131_072);
        for (String digit : List.of("9", "\u0001", "\u20ac")) {
            Letter cut = letter(digit.repeat(1_000_000), digit.repeat(500_000));
            assertThat(cut.reason()).matches(".*; of longer values only \\d+ characters are kept");
            assertThat(cut.value()).hasSizeLessThanOrEqualTo(Letters.MOST_BYTES).hasSizeGreaterThan(100_000);
            JsonNode value = new ObjectMapper().readTree(cut.value());
            assertThat(value.at("/after/total").textValue()).startsWith(digit).endsWith(" ... of 500000");
            assertThat(value.at("/before/total").textValue()).endsWith(" ... of 1000000");
            assertThat(value.at("/after/id").intValue()).isEqualTo(3);
        }
    }

    private Letter letter(String before, String after) {
        SourceRecord record = at(LSN, XID).orders("u", order(3, 1L, before, NOON), order(3, 1L, after, NOON));
        return (Letter) map(record).get(1);
    }

    @Test
    void aColumnThatIsGoneOrOfAnotherTypeStopsWithItsName() {
        EventReader reader = new EventReader(
                Records.MAPPING,
                UNAVAILABLE,
                ReplicaIdentity.FULL,
                new TableDefinitions(""),
                () -> new TableDefinitions(""));
        SourceRecord good = at(LSN, XID).orders("c", null, order(3, 1L, "2", NOON));
        assertThat(reader.entries(good, Place.of(good), 1)).hasSize(1);
        for (String column : List.of("id", "user_id", "total", "created_at")) {
            SourceRecord without = at(LSN, XID).without(column);
            assertThatThrownBy(() -> reader.entries(without, Place.of(without), 1))
                    .isInstanceOf(TableChangedException.class)
                    .hasMessageContaining("column " + column + " of public.orders");
        }
        SourceRecord retyped = at(LSN, XID).retyped();
        assertThatThrownBy(() -> reader.entries(retyped, Place.of(retyped), 1))
                .isInstanceOf(TableChangedException.class)
                .hasMessageContaining("column user_id of public.orders was INT64 null, is STRING null");
    }

    @Test
    void anOperationThatIsNotKnownMakesItsRowUnusable() {
        assertUnusable("x", order(3, 1L, "2", NOON));
    }
}
