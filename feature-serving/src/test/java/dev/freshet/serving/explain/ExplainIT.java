package dev.freshet.serving.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;

class ExplainIT {
    private static final String NOON = "2025-03-31T12:00:00Z";

    private ShopAndTable shop;

    /** A user whose row, computed at noon, is what the orders make. */
    @BeforeEach
    void createShop() throws SQLException {
        shop = new ShopAndTable();
        shop.source("INSERT INTO users (id) VALUES (1), (2)");
        shop.order(11, 1, "'10.00'", "'2025-02-01 00:00:00+00'");
        shop.order(12, 1, "'20.50'", "'2025-03-24 12:00:00+00'");
        shop.order(13, 1, "'5'", "'2025-03-24 12:00:00.000001+00'");
        shop.order(14, 1, "'1.01'", "'2025-03-31 12:00:00+00'");
        shop.order(15, 1, "'99'", "'2025-03-31 12:00:00.000001+00'");
        shop.order(16, 1, "'99'", "NULL");
        shop.order(21, 2, "'7'", "'2025-03-31 12:00:00+00'");
        shop.row(1, "2, 3, 9.1275, '2025-03-31', '2025-03-31 12:00:00+00', '2025-03-31 12:00:00.000001+00', false, 7");
        shop.row(2, "1, 1, 7, '2025-03-31', '2025-03-31 12:00:00+00', '2025-04-07 12:00:00+00', false, 8");
        shop.completeThroughAll();
    }

    @AfterEach
    void closeShop() throws SQLException {
        shop.close();
    }

    private Explanation explain(long user) throws Exception {
        return shop.explain(user, null).orElseThrow();
    }

    private Explanation explainAt(long user, String at) throws Exception {
        return shop.explain(user, at).orElseThrow();
    }

    private static List<String> recomputed(Explanation explanation) {
        return explanation.features().stream().map(ExplainedFeature::recomputed).toList();
    }

    private static Verdict verdict(Explanation explanation) {
        return explanation.conclusion().verdict();
    }

    @Test
    void aRowIsExplainedAtTheInstantThatItWasComputedAt() throws Exception {
        Explanation explanation = explain(1);
        assertThat(explanation.at()).isEqualTo(Instant.parse(NOON));
        assertThat(verdict(explanation)).isEqualTo(Verdict.AGREES);
        assertThat(recomputed(explanation)).containsExactly("2", "3", "9.1275", "2025-03-31");
        assertThat(explanation.features())
                .extracting(ExplainedFeature::table)
                .containsExactly("2", "3", "9.1275", "2025-03-31");
    }

    @Test
    void everyOrderIsShownWithWhatItCountsTowardsAndWhenItLeaves() throws Exception {
        SourceSide source = explain(1).source();
        assertThat(source.newest()).extracting(CountedOrder::id).containsExactly("14", "13", "12", "11");
        CountedOrder atTheEdge = source.newest().get(2);
        assertThat(atTheEdge.createdAt()).isEqualTo(Instant.parse("2025-03-24T12:00:00Z"));
        assertThat(atTheEdge.amounts()).containsExactly(new CountedOrder.Amount("total", "20.50"));
        assertThat(atTheEdge.stays())
                .containsExactly(
                        new CountedOrder.Stay("order_count_30d", Instant.parse("2025-04-23T12:00:00Z")),
                        new CountedOrder.Stay("avg_order_value", null),
                        new CountedOrder.Stay("last_order_date", null));
        assertThat(source.rest())
                .isEqualTo(new SourceSide.Rest(0, 1, Instant.parse("2025-03-31T12:00:00.000001Z"), 1, 0));
    }

    @Test
    void everyFeatureTellsWhatItIsMadeOf() throws Exception {
        assertThat(explain(1).features().get(2).working())
                .isEqualTo(new ExplainedFeature.Working(4, 4, "36.51", "14", Instant.parse(NOON)));
    }

    @Test
    void aListThatIsTooLongHasTheNewestOrders() throws Exception {
        SourceSide source = shop.explain(1, null, 2, Duration.ZERO, new FakeTime(() -> {}))
                .orElseThrow()
                .source();
        assertThat(source.newest()).extracting(CountedOrder::id).containsExactly("14", "13");
        assertThat(source.counting()).isEqualTo(4);
    }

    @Test
    void aTableThatHasAllAndDiffersIsSaidTo() throws Exception {
        shop.target("UPDATE user_features SET avg_order_value = 9.1276 WHERE user_id = 1");
        Explanation explanation = explain(1);
        assertThat(verdict(explanation)).isEqualTo(Verdict.DIFFERS);
        assertThat(explanation.conclusion().notes().get(0)).contains("freshet reconcile --repair");
        assertThat(explanation.features())
                .extracting(ExplainedFeature::agrees)
                .containsExactly(true, true, false, true);
    }

    @Test
    void aRowThatIsFlaggedIncompleteMayDifferForIt() throws Exception {
        shop.target("UPDATE user_features SET order_count_7d = 1, incomplete = true WHERE user_id = 1");
        Explanation explanation = explain(1);
        assertThat(verdict(explanation)).isEqualTo(Verdict.INCOMPLETE);
        assertThat(explanation.conclusion().notes().get(0)).contains("freshet deadletters list");
    }

    @Test
    void aTableThatDoesNotHaveAllYetIsBehind() throws Exception {
        shop.completeThrough("0/1", "2025-03-31 12:00:00+00");
        shop.order(17, 1, "'3'", "'2025-03-31 11:00:00+00'");
        Explanation explanation = explain(1);
        assertThat(verdict(explanation)).isEqualTo(Verdict.BEHIND);
        assertThat(explanation.conclusion().notes().get(0)).contains(NOON).contains("freshet status");
        assertThat(recomputed(explanation).get(0)).isEqualTo("3");
    }

    @Test
    void aChangeThatIsOnItsWayIsWaitedFor() throws Exception {
        shop.completeThrough("0/1", "2025-03-31 12:00:00+00");
        shop.order(17, 1, "'3'", "'2025-03-31 11:00:00+00'");
        FakeTime arriving = new FakeTime(() -> {
            shop.row(1, "3, 4, 7.902, '2025-03-31', '2025-03-31 12:00:00+00', NULL, false, 9");
            shop.completeThroughAll();
        });
        Explanation explanation =
                shop.explain(1, null, 100, Duration.ofMinutes(1), arriving).orElseThrow();
        assertThat(verdict(explanation)).isEqualTo(Verdict.AGREES);
        assertThat(explanation.table().row()).extracting(HeldRow::version).isEqualTo(9L);
    }

    @Test
    void aUserWhoseOrdersChangeAllTheTimeIsNotCalledWrong() throws Exception {
        shop.completeThrough("0/1", "2025-03-31 12:00:00+00");
        shop.source("DELETE FROM orders WHERE id = 14");
        int[] next = {100};
        FakeTime busy = new FakeTime(() -> {
            shop.completeThroughNow();
            shop.order(next[0]++, 1, "'3'", "'2025-03-31 11:00:00+00'");
            shop.target("UPDATE user_features SET version = version + 1 WHERE user_id = 1");
        });
        Explanation explanation =
                shop.explain(1, null, 100, Duration.ofMillis(100), busy).orElseThrow();
        assertThat(verdict(explanation)).isEqualTo(Verdict.CHANGING);
    }

    @Test
    void aUserWithoutARowIsMissing() throws Exception {
        shop.target("DELETE FROM user_features WHERE user_id = 2");
        Explanation explanation = explain(2);
        assertThat(verdict(explanation)).isEqualTo(Verdict.DIFFERS);
        assertThat(explanation.table().row()).isNull();
        assertThat(recomputed(explanation).get(2)).isEqualTo("7.0000");
    }

    @Test
    void aRowOfADeletedUserIsOneTooMany() throws Exception {
        shop.source("DELETE FROM users WHERE id = 2");
        shop.completeThroughAll();
        Explanation explanation = explain(2);
        assertThat(verdict(explanation)).isEqualTo(Verdict.DIFFERS);
        assertThat(explanation.conclusion().notes()).contains("the source has no such user");
        assertThat(recomputed(explanation)).containsOnlyNulls();
    }

    @Test
    void aUserOfWhomNobodyKnowsIsNotExplained() throws Exception {
        shop.order(31, 3, "'7'", "'2025-03-31 12:00:00+00'");
        assertThat(shop.explain(3, null)).isEmpty();
        assertThat(shop.explain(3, NOON)).isEmpty();
    }

    @Test
    void atAnInstantTheOrdersOfNowAreCounted() throws Exception {
        Explanation explanation = explainAt(1, "2025-03-31T12:00:00.000001Z");
        assertThat(recomputed(explanation)).containsExactly("2", "4", "27.1020", "2025-03-31");
        assertThat(verdict(explanation)).isEqualTo(Verdict.NOTHING_HELD);
        assertThat(recomputed(explainAt(1, "2025-01-01T00:00:00Z"))).containsExactly("0", "0", null, null);
    }

    @Test
    void atAnInstantWhatReadersSawThenIsShownBeside() throws Exception {
        shop.target("UPDATE freshet_epoch SET live_from = '2025-03-01'");
        for (String version : List.of(
                "1, false, 1, 0, 1, 10, '2025-02-01', '2025-03-20 00:00+00', NULL, false, 3, '2025-03-20 00:00:00+00'",
                "1, false, 1, 1, 2, 15.25, '2025-03-24', '2025-03-25 00:00+00', NULL, false, 5, '2025-03-25 00:00:00+00'",
                "1, true, 1, NULL, NULL, NULL, NULL, '2025-03-27 00:00+00', NULL, false, 6, '2025-03-27 00:00:00+00'")) {
            shop.target("INSERT INTO user_features_history VALUES (" + version + ")");
        }
        Explanation before = explainAt(1, "2025-03-24T23:59:59.999999Z");
        assertThat(before.table().row()).extracting(HeldRow::version).isEqualTo(3L);
        assertThat(verdict(before)).isEqualTo(Verdict.HELD_OTHERWISE);
        assertThat(explainAt(1, "2025-03-25T00:00:00Z").table().row())
                .extracting(HeldRow::version, HeldRow::epoch)
                .containsExactly(5L, 1);
        assertThat(explainAt(1, "2025-03-27T00:00:00Z").table().row()).isNull();
        assertThat(explainAt(1, "2025-02-28T00:00:00Z").table().row()).isNull();
    }

    @Test
    void theFutureIsRefused() {
        assertThatThrownBy(() -> shop.explain(1, "9999-01-01T00:00:00Z"))
                .isInstanceOf(UnusableInstantException.class)
                .hasMessageContaining("9999-01-01T00:00:00Z is later than the source's clock, 2");
    }

    @Test
    void aTargetWithoutATableIsSaidSo() throws Exception {
        shop.target("DROP VIEW freshet_complete_through");
        assertThatThrownBy(() -> shop.explain(1, null))
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContaining("freshet_complete_through");
    }

    @Test
    void theUserAndTheOrdersAreOfOneSnapshot() throws Exception {
        try (Connection other = shop.openSource()) {
            SourceRows rows = new SourceRows(other, shop.config());
            Recomputation read = rows.read(Id.of(1), moment -> {
                try {
                    shop.order(17, 1, "'3'", "'2025-03-31 11:00:00+00'");
                    shop.source("DELETE FROM orders WHERE id = 14");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
                return new Recomputation(shop.config().catalogue(), moment, 1_743_422_400_000_000L, 100);
            });
            assertThat(read.source().newest()).extracting(CountedOrder::id).containsExactly("14", "13", "12", "11");
        }
    }

    @Test
    void whatIsOutsideOfTheDomainCountsForNothingAndIsTold() throws Exception {
        shop.order(22, 2, "'1'", "'-infinity'");
        shop.order(23, 2, "'1'", "'infinity'");
        shop.order(24, 2, "'1'", "'0044-03-15 12:00:00+00 BC'");
        shop.order(25, 2, "('1' || repeat('0', 1000))::numeric", "'2025-03-30 12:00:00+00'");
        shop.order(26, 2, "('1' || repeat('0', 999))::numeric", "NULL");
        shop.completeThroughAll();
        Explanation explanation = explain(2);
        assertThat(verdict(explanation)).isEqualTo(Verdict.AGREES);
        assertThat(explanation.source().rest()).isEqualTo(new SourceSide.Rest(0, 0, null, 1, 4));
    }

    @Test
    void anotherShopsNamesTypesAndFilterAreFollowed() throws Exception {
        Map<String, String> settings =
                """
                source.users.table=Customers
                source.users.id=Key
                source.users.id.type=uuid
                source.orders.table=Sales
                source.orders.id=No
                source.orders.user.id=Who
                source.orders.created.at=When
                source.orders.created.at.type=timestamp
                source.orders.columns.total=Cents
                source.orders.scale.total=2
                source.orders.where=state <> 'cancelled'""".lines().map(line -> line.split("=", 2)).collect(Collectors.toMap(line -> line[0], line -> line[1]));
        try (ShopAndTable other = new ShopAndTable(settings)) {
            String user = "11111111-2222-3333-4444-555555555555";
            other.source("SET TIME ZONE 'Europe/Berlin'");
            other.source("CREATE TABLE \"Customers\" (\"Key\" uuid PRIMARY KEY)");
            other.source(
                    "CREATE TABLE \"Sales\" (\"No\" text, \"Who\" uuid, \"When\" timestamp, \"Cents\" bigint, state text)");
            other.source("INSERT INTO \"Customers\" VALUES ('" + user + "')");
            other.source(
                    "INSERT INTO \"Sales\" VALUES ('a', '" + user + "', '2025-03-24 12:00:00.000001', 101, 'paid'),"
                            + " ('b', '" + user + "', '2025-03-31 12:00:00', 200, 'paid'),"
                            + " ('c', '" + user + "', '2025-03-31 12:00:00', 900, 'cancelled')");
            Explanation explanation = new Explanations(other.config(), 10, Time.system())
                    .of(Id.of(user), Instant.parse(NOON))
                    .orElseThrow();
            assertThat(recomputed(explanation)).containsExactly("2", "2", "1.5050", "2025-03-31");
            assertThat(explanation.source().newest())
                    .extracting(CountedOrder::id)
                    .containsExactly("b", "a");
        }
    }

    @Test
    void asJsonNothingIsRounded() throws Exception {
        String huge = "1234567890123456789012345678901234567890.123456789";
        shop.source("UPDATE orders SET total = " + huge + " WHERE user_id = 2");
        shop.row(
                2,
                "1, 1, 1234567890123456789012345678901234567890.1235, '2025-03-31', '2025-03-31 12:00:00+00', NULL,"
                        + " false, 9");
        ObjectNode json = ExplanationJson.render(explain(2));
        assertThat(json.get("verdict").asText()).isEqualTo("agrees");
        assertThat(json.at("/orders/newest/0/amounts/total").textValue()).isEqualTo(huge);
        assertThat(json.at("/features/2/recomputed").textValue())
                .isEqualTo("1234567890123456789012345678901234567890.1235");
        assertThat(json.at("/orders/newest/0/leaves/order_count_7d").textValue())
                .isEqualTo("2025-04-07T12:00:00Z");
        assertThat(json.at("/row/exact_until").isNull()).isTrue();
    }

    @Test
    void instantsNeedAZoneAndWholeMicroseconds() {
        assertThat(ExplainedInstant.parse("2025-03-31T14:00:00.000001+02:00"))
                .isEqualTo(Instant.parse("2025-03-31T12:00:00.000001Z"));
        Stream.of(
                        "2025-03-31T12:00:00",
                        "2025-03-31",
                        "2025-03-31T12:00:00.0000001Z",
                        "2025-02-30T12:00:00Z",
                        "+10000-01-01T00:00:00Z",
                        "0000-01-01T00:00:00Z",
                        "1743422400",
                        "now",
                        "")
                .forEach(text -> assertThatThrownBy(() -> ExplainedInstant.parse(text))
                        .as(text)
                        .isInstanceOf(UnusableInstantException.class));
    }
}
