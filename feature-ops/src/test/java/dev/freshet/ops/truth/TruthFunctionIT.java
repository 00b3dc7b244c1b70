package dev.freshet.ops.truth;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.freshet.ops.Shop;
import dev.freshet.runtime.config.AmountColumns;
import dev.freshet.runtime.config.TimeType;
import dev.freshet.runtime.source.SourceTables;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.testkit.servers.SharedServers;

/** Every expected value here was computed by hand. */
class TruthFunctionIT {
    private static final String NOW = "2026-03-31 12:00:00.000000+00";

    private Shop shop;
    private TruthFunction truth;

    @BeforeEach
    void createShop() throws SQLException {
        shop = new Shop(SharedServers.get().newDatabase());
        truth = new TruthFunction(SourceTables.standard(), Catalogue.standard());
        truth.install(shop.connection());
        shop.user(1);
    }

    @AfterEach
    void closeShop() throws SQLException {
        shop.close();
    }

    @Test
    void aUserWithoutOrdersHasZeroCountsAndNulls() throws SQLException {
        assertThat(at(NOW)).containsExactly("1|0|0|-|-");
    }

    @Test
    void ordersOfAnAbsentUserProduceNothing() throws SQLException {
        shop.order(2, "5", "2026-03-31 00:00:00+00");
        assertThat(at(NOW)).containsExactly("1|0|0|-|-");
    }

    @Test
    void anOrderWithoutATimeBelongsToNoFeature() throws SQLException {
        shop.order(1, "5", null);
        assertThat(at(NOW)).containsExactly("1|0|0|-|-");
    }

    @Test
    void anOrderOfTheFutureCountsFromItsOwnMicrosecondOn() throws SQLException {
        shop.order(1, "5", "2026-03-31 12:00:00.000001+00");
        assertThat(at(NOW)).containsExactly("1|0|0|-|-");
        assertThat(at("2026-03-31 12:00:00.000001+00")).containsExactly("1|1|1|5.0000|2026-03-31");
    }

    @Test
    void windowsAreOpenAtTheirOldEndToTheMicrosecond() throws SQLException {
        shop.order(1, "5", "2026-03-24 12:00:00.000000+00");
        assertThat(at("2026-03-31 11:59:59.999999+00")).containsExactly("1|1|1|5.0000|2026-03-24");
        assertThat(at("2026-03-31 12:00:00.000000+00")).containsExactly("1|0|1|5.0000|2026-03-24");
        assertThat(at("2026-04-23 11:59:59.999999+00")).containsExactly("1|0|1|5.0000|2026-03-24");
        assertThat(at("2026-04-23 12:00:00.000000+00")).containsExactly("1|0|0|5.0000|2026-03-24");
    }

    @Test
    void windowsAreHoursAndDatesAreUtcInAnySessionTimeZone() throws SQLException {
        // Berlin's clocks went forward on 29 March: 7 of its days before this t are only 167 hours.
        shop.run("SET TIME ZONE 'Europe/Berlin'");
        shop.order(1, "5", "2026-03-24 12:30:00+00");
        shop.order(1, "5", "2026-03-30 23:30:00+00");
        assertThat(at("2026-03-31 12:00:00+00")).containsExactly("1|2|2|5.0000|2026-03-30");
        assertThat(at("2026-03-31 12:30:00+00")).containsExactly("1|1|2|5.0000|2026-03-30");
    }

    @Test
    void aTimestampIsInUtcInAnySessionTimeZoneAndCentsAreExact() throws SQLException {
        shop.run("SET TIME ZONE 'Europe/Berlin'");
        shop.run(
                "ALTER TABLE orders ALTER created_at DROP DEFAULT, ALTER created_at TYPE timestamp, ALTER total TYPE bigint");
        shop.run(
                "INSERT INTO orders (user_id, total, created_at) VALUES (1, 9223372036854775807, '2026-03-24 12:00:00.000001'),"
                        + " (1, -9223372036854775806, '2026-03-29 02:30:00'), (1, 99, '2026-03-31 12:00:00.000001')");
        SourceTables.Orders standard = SourceTables.standard().orders();
        SourceTables cents = new SourceTables(
                SourceTables.standard().users(),
                new SourceTables.Orders(
                        standard.table(),
                        standard.user(),
                        standard.createdAt(),
                        TimeType.TIMESTAMP,
                        new AmountColumns(Map.of(), Map.of("total", 2)),
                        null));
        new TruthFunction(cents, Catalogue.standard()).install(shop.connection());
        assertThat(at(NOW)).containsExactly("1|2|2|0.0050|2026-03-29");
        assertThat(at("2026-03-31 12:00:00.000001+00")).containsExactly("1|2|3|0.3333|2026-03-31");
    }

    @ParameterizedTest
    @CsvSource({
        "1.00005 1.00005, 1.0001",
        "-1.00005 -1.00005, -1.0001",
        "1.00004999 1.00004999, 1.0000",
        "0 0.0001, 0.0001",
        "0 -0.0001, -0.0001",
        "0 0 0.0001, 0.0000",
        "1 1 0, 0.6667",
        "-1 -1 0, -0.6667",
        "0, 0.0000",
        "-7.5 2.5, -2.5000",
        "NaN 1, NaN",
        "Infinity 1, Infinity",
        "-Infinity 1, -Infinity",
        "Infinity -Infinity, NaN",
        "Infinity NaN, NaN",
        "1234567890123456789012345678901234567890 1234567890123456789012345678901234567891,"
                + " 1234567890123456789012345678901234567890.5000",
        "12345678901234567890 1 1, 4115226300411522630.6667",
        "0.1234567890123456789012345678901234567890, 0.1235"
    })
    void theMeanIsTheExactQuotientRoundedHalfAwayFromZero(String totals, String mean) throws SQLException {
        for (String total : totals.split(" ")) {
            shop.order(1, total, NOW);
        }
        long count = totals.split(" ").length;
        assertThat(at(NOW)).containsExactly("1|" + count + "|" + count + "|" + mean + "|2026-03-31");
    }

    @Test
    void oneQueryAtEveryUsersOwnInstantSaysTheSame() throws SQLException {
        for (int user = 2; user <= 5; user++) {
            shop.user(user);
        }
        shop.order(2, "3.33335", "2026-03-24 12:00:00+00");
        shop.order(2, "NaN", "2026-03-31 12:00:00.000001+00");
        shop.order(3, "-4", null);
        shop.order(4, "10", "2026-02-01 00:00:00+00");
        shop.order(9, "1", "2026-03-30 00:00:00+00");
        for (String t : List.of(NOW, "2026-03-31 12:00:00.000001+00", "2026-03-31 11:59:59.999999+00")) {
            String instants = "(SELECT id AS user_id, '" + t + "'::timestamptz AS t FROM users)";
            assertThat(shop.query(truth.sqlAtEach(instants) + " ORDER BY 1")).isEqualTo(at(t));
        }
    }

    @Test
    void aLookupBesideARowUsesTheIndexOnTheOrdersUser() throws SQLException {
        shop.run("CREATE INDEX orders_of_user ON orders (user_id)");
        shop.run("INSERT INTO users (id) SELECT generate_series(2, 5000)");
        shop.run("INSERT INTO orders (user_id, total) SELECT i % 5000, 1 FROM generate_series(1, 50000) AS i");
        shop.run("CREATE TABLE f AS SELECT id AS user_id, now() AS computed_at FROM users");
        shop.run("ANALYZE");
        String plan = String.join(
                "\n",
                shop.query("EXPLAIN SELECT * FROM f, LATERAL user_features_at(f.computed_at) AS t"
                        + " WHERE t.user_id = f.user_id AND f.user_id = 17"));
        assertThat(plan).contains("orders_of_user").doesNotContain("Function Scan", "Seq Scan on orders");
    }

    private List<String> at(String t) throws SQLException {
        return shop.query("SELECT * FROM user_features_at('" + t + "') ORDER BY user_id");
    }
}
