package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.schemas.record.DeadLetter;

/**
 * Odd and unusable rows, through the whole path; each has users of its own in one shop. The numbers are those of the list of
 * bad inputs: 15 is in FeatureTopologyTest, the rest of 14 and of 16 in TableChangeIT and LargeTransactionIT.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BadInputIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SEVENS = "7".repeat(990);

    private BadShop shop;

    @BeforeAll
    void open() throws SQLException {
        shop = new BadShop();
        shop.assertTruth();
    }

    @AfterAll
    void close() throws SQLException {
        shop.close();
    }

    // bad input 1
    @Test
    void aTotalThatIsNotANumberMakesTheMeanNaNUntilItIsMended() throws SQLException {
        long user = shop.user();
        shop.order(user, "10", "now()");
        long order = shop.order(user, "'NaN'", "now()");
        assertThat(shop.features(user)).startsWith("2 2 NaN ");
        shop.sql("UPDATE orders SET total = 20 WHERE id = " + order);
        assertThat(shop.features(user)).startsWith("2 2 15.0000 ");
        shop.sql("UPDATE orders SET total = 'NaN' WHERE id = " + order);
        shop.sql("DELETE FROM orders WHERE id = " + order);
        assertThat(shop.features(user)).startsWith("1 1 10.0000 ");
    }

    // bad input 2
    @Test
    void infiniteTotalsAreAddedAsPostgresAddsThem() throws SQLException {
        long user = shop.user();
        shop.order(user, "10", "now()");
        long order = shop.order(user, "'Infinity'", "now()");
        assertThat(shop.features(user)).startsWith("2 2 Infinity ");
        long opposite = shop.order(user, "'-Infinity'", "now()");
        assertThat(shop.features(user)).startsWith("3 3 NaN ");
        shop.sql("DELETE FROM orders WHERE id = " + order);
        assertThat(shop.features(user)).startsWith("2 2 -Infinity ");
        shop.sql("UPDATE orders SET total = 5 WHERE id = " + opposite);
        assertThat(shop.features(user)).startsWith("2 2 7.5000 ");
    }

    // bad input 3
    @ParameterizedTest
    @ValueSource(strings = {"repeat('9', 131072)::numeric", "('0.' || repeat('1', 16383))::numeric"})
    void aTotalOfTooManyDigitsIsQuarantinedAndHeals(String total) throws SQLException {
        long user = shop.user();
        shop.order(user, "1", "now()");
        long order = Long.parseLong(shop.query("INSERT INTO orders (user_id, total, note) VALUES (" + user + ", "
                + total + ", 'secret') RETURNING id"));
        DeadLetter letter = shop.quarantined(user, order);
        assertThat(letter.reason()).contains("total").contains("1000 digits");
        assertThat(letter.value().length).isGreaterThan(16_383);
        assertThat(BadShop.text(letter)).contains("created_at").doesNotContain("note", "secret");
        assertThat(shop.changeLog()).isNotEmpty().noneMatch(value -> value.contains("secret"));
        shop.sql("UPDATE orders SET total = 3 WHERE id = " + order);
        assertThat(shop.features(user)).startsWith("2 2 2.0000 ");
        assertThat(shop.isIncomplete(user)).isFalse();
    }

    // bad input 4
    @Test
    void negativeZeroAndAbsentTotalsAndHalvesOfTheLastPlaceAreAsInSql() throws SQLException {
        long user = shop.user();
        shop.order(user, "-0.00005", "now()");
        assertThat(shop.features(user)).startsWith("1 1 -0.0001 ");
        shop.order(user, "0", "now()");
        shop.order(user, "NULL", "now()"); // counted, and in no mean
        assertThat(shop.features(user)).startsWith("3 3 0.0000 ");
        shop.order(user, "0.005", "now()");
        assertThat(shop.features(user)).startsWith("4 4 0.0017 ");
        long other = shop.user();
        shop.order(other, "NULL", "'2020-02-29 12:00Z'");
        assertThat(shop.features(other)).isEqualTo("0 0 2020-02-29");
    }

    // bad input 5
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'infinity'",
                "'-infinity'",
                "'0044-03-15 BC'",
                "'294276-12-31 23:59:59.999999Z'",
                "'10000-01-01Z'"
            })
    void aTimeOutsideTheCalendarIsQuarantinedAndMovesNoClock(String createdAt) throws SQLException {
        long user = shop.user();
        shop.order(user, "1", "now()");
        long order = shop.order(user, "3", createdAt);
        assertThat(shop.quarantined(user, order).reason()).contains("created_at");
        assertThat(shop.query("SELECT bool_and(computed_at BETWEEN now() - interval '1 day' AND clock_timestamp())"
                        + " FROM user_features"))
                .isEqualTo("t");
        long other = shop.user();
        shop.order(other, "7", "now()"); // others go on
        await("the order of another").atMost(PATIENCE).until(() -> "7.0000"
                .equals(shop.query("SELECT avg_order_value FROM user_features WHERE user_id = " + other)));
        shop.sql("UPDATE orders SET created_at = now() WHERE id = " + order);
        assertThat(shop.features(user)).startsWith("2 2 2.0000 ");
        assertThat(shop.isIncomplete(user)).isFalse();
    }

    // bad input 5
    @Test
    void deletingTheUnusableRowHealsItsUserToo() throws SQLException {
        long user = shop.user();
        long order = shop.order(user, "1", "'infinity'");
        shop.quarantined(user, order);
        shop.sql("DELETE FROM orders WHERE id = " + order);
        assertThat(shop.features(user)).isEqualTo("0 0");
        assertThat(shop.isIncomplete(user)).isFalse();
    }

    // bad input 6
    @Test
    void anOrderOfTheFutureCountsWhenItsTimeHasCome() throws SQLException {
        long user = shop.user();
        shop.order(user, "100", "now() + interval '10 years'");
        assertThat(shop.features(user)).isEqualTo("0 0");
        shop.order(user, "1", "now()");
        assertThat(shop.features(user)).startsWith("1 1 1.0000 ");
        shop.order(user, "3", "now() + interval '4 seconds'");
        assertThat(shop.features(user)).startsWith("1 1 1.0000 ");
        await("the order's time has come").atMost(PATIENCE).until(() -> "2"
                .equals(shop.query("SELECT order_count_7d FROM user_features WHERE user_id = " + user)));
        assertThat(shop.features(user)).startsWith("2 2 2.0000 ");
    }

    // bad input 7
    @Test
    void ordersLeaveTheirWindowOneMicrosecondAfterAnother() throws SQLException {
        long user = shop.user();
        shop.sql("CREATE TEMPORARY TABLE edge AS SELECT now() + interval '5 seconds' AS leaves");
        for (int microsecond = -1; microsecond <= 1; microsecond++) {
            shop.order(
                    user,
                    "1",
                    "(SELECT leaves - interval '168 hours' + interval '1 microsecond' * " + microsecond
                            + " FROM edge)");
        }
        shop.order(user, "1", "now() - interval '168 hours'");
        assertThat(shop.features(user)).startsWith("3 4 ");
        String row = " FROM user_features f, edge WHERE user_id = " + user;
        assertThat(shop.query("SELECT exact_until - leaves" + row)).isEqualTo("-00:00:00.000001");
        String truth = "SELECT string_agg(order_count_7d || '', ' ' ORDER BY microsecond) FROM edge,"
                + " generate_series(-2, 1) AS microsecond, LATERAL user_features_at(leaves + interval '1 microsecond'"
                + " * microsecond) WHERE user_id = " + user;
        assertThat(shop.query(truth)).isEqualTo("3 2 1 0");
        await("the last has left").atMost(PATIENCE).until(() -> "0"
                .equals(shop.query("SELECT order_count_7d FROM user_features WHERE user_id = " + user)));
        assertThat(shop.features(user)).startsWith("0 4 ");
        assertThat(shop.query("SELECT computed_at > leaves" + row)).isEqualTo("t");
    }

    // bad input 7
    @Test
    void localTimesThatAreSkippedOrComeTwiceAreInstantsLikeAnyOther() throws SQLException {
        long user = shop.user();
        shop.sql("SET TIME ZONE 'Europe/Berlin'");
        try {
            shop.order(user, "1", "'2026-03-29 02:30'"); // does not exist
            shop.order(user, "2", "'2026-10-25 02:30'"); // was twice, or will be
            shop.order(user, "3", "date_trunc('day', now())");
            shop.order(user, "4", "'2020-01-01 00:30'"); // the day before, in UTC
            shop.assertTruth();
        } finally {
            shop.sql("RESET TIME ZONE");
        }
        shop.assertTruth();
        long other = shop.user();
        shop.order(other, "4", "'2020-01-01 00:30 Europe/Berlin'");
        assertThat(shop.features(other)).isEqualTo("0 0 4.0000 2019-12-31");
    }

    // bad input 8
    @Test
    void anOrderOfNobodyIsALetterAndOneOfAnUnknownUserIsKept() throws SQLException {
        int before = shop.letters().size();
        long nobodys = shop.order("NULL", "5", "now()");
        long user = shop.user();
        shop.order(user, "1", "now()");
        assertThat(shop.features(user)).startsWith("1 1 1.0000 ");
        assertThat(shop.letters()).hasSize(before + 1).last().satisfies(letter -> {
            assertThat(letter.row()).isNull();
            assertThat(letter.reason()).contains("user_id is null");
            assertThat(BadShop.text(letter)).contains("\"id\":" + nobodys);
        });
        shop.sql("UPDATE orders SET user_id = " + user + " WHERE id = " + nobodys);
        assertThat(shop.features(user)).startsWith("2 2 3.0000 ");
        shop.sql("UPDATE orders SET user_id = NULL WHERE id = " + nobodys);
        assertThat(shop.features(user)).startsWith("1 1 1.0000 ");

        long unknown = 9_000_000_000L;
        shop.order(unknown, "5", "now()");
        shop.assertTruth();
        shop.sql("INSERT INTO users (id, email) VALUES (" + unknown + ", 'late@example.com')");
        assertThat(shop.features(unknown)).startsWith("1 1 5.0000 ");
    }

    // bad input 9
    @Test
    void ordersThatChangeUserOrIdOrSwapIdsAreWhereTheyBelong() throws SQLException {
        long one = shop.user();
        long two = shop.user();
        long a = shop.order(one, "10", "now()");
        long b = shop.order(two, "20", "now()");
        shop.sql("UPDATE orders SET user_id = " + two + " WHERE id = " + a);
        assertThat(shop.features(one)).isEqualTo("0 0");
        assertThat(shop.features(two)).startsWith("2 2 15.0000 ");
        shop.sql("UPDATE orders SET user_id = " + one + ", id = -id WHERE id = " + a);
        assertThat(shop.features(one)).startsWith("1 1 10.0000 ");
        shop.sql("BEGIN; UPDATE orders SET id = 0 WHERE id = -" + a + "; UPDATE orders SET id = -" + a + " WHERE id = "
                + b + "; UPDATE orders SET id = " + b + " WHERE id = 0; COMMIT");
        assertThat(shop.features(one)).startsWith("1 1 10.0000 ");
        assertThat(shop.features(two)).startsWith("1 1 20.0000 ");
        shop.sql("DELETE FROM orders WHERE id = " + b); // that is the one of the first user now
        assertThat(shop.features(one)).isEqualTo("0 0");
        assertThat(shop.features(two)).startsWith("1 1 20.0000 ");
    }

    // bad input 10
    @Test
    void aRowThatIsDeletedAndInsertedAgainIsThere() throws SQLException {
        long user = shop.user();
        long order = shop.order(user, "10", "now()");
        String insert = "INSERT INTO orders (id, user_id, total) VALUES (" + order + ", " + user + ", ";
        shop.sql("BEGIN; DELETE FROM orders WHERE id = " + order + "; " + insert + "11); COMMIT");
        assertThat(shop.features(user)).startsWith("1 1 11.0000 ");
        // the edge of a batch, and of a Kafka transaction, is somewhere in between
        shop.sql("BEGIN; DELETE FROM orders WHERE id = " + order
                + "; INSERT INTO orders (user_id, total) SELECT 9000000001, 1 FROM generate_series(1, 30000); "
                + insert + "12); COMMIT");
        assertThat(shop.features(user)).startsWith("1 1 12.0000 ");
        shop.sql("BEGIN; DELETE FROM users WHERE id = " + user + "; INSERT INTO users (id, email) VALUES (" + user
                + ", 'again@example.com'); COMMIT");
        assertThat(shop.features(user)).startsWith("1 1 12.0000 ");
    }

    // bad input 12
    @Test
    void aValueThatIsStoredOutOfLineAndDidNotChangeIsKept() throws SQLException {
        long user = shop.user();
        long order = outOfLine(shop, user);
        shop.assertTruth();
        shop.sql("UPDATE orders SET created_at = created_at - interval '1 day' WHERE id = " + order);
        assertThat(shop.features(user)).startsWith("1 1 " + SEVENS + ".0000 ");
        assertThat(shop.isIncomplete(user)).isFalse();
    }

    // bad input 12: with an index as identity nobody has the old total
    @Test
    void oneThatTheWalDoesNotHoldIsQuarantinedAndHealsWhenItIsWrittenAnew() throws SQLException {
        try (BadShop indexed = new BadShop("""
                ALTER TABLE orders ALTER user_id SET NOT NULL;
                CREATE UNIQUE INDEX orders_identity ON orders (id, user_id);
                ALTER TABLE orders REPLICA IDENTITY USING INDEX orders_identity;""")) {
            indexed.assertTruth();
            long user = indexed.user();
            long order = outOfLine(indexed, user);
            assertThat(indexed.features(user)).startsWith("1 1 " + SEVENS + ".0000 ");
            indexed.sql("UPDATE orders SET created_at = created_at - interval '1 day' WHERE id = " + order);
            assertThat(indexed.quarantined(user, order).reason()).contains("total is stored out of line");
            indexed.sql("UPDATE orders SET total = total + 0 WHERE id = " + order);
            assertThat(indexed.features(user)).startsWith("1 1 " + SEVENS + ".0000 ");
            assertThat(indexed.isIncomplete(user)).isFalse();
        }
    }

    /** An order whose total is. */
    private static long outOfLine(BadShop shop, long user) throws SQLException {
        shop.sql("ALTER TABLE orders ALTER total SET STORAGE EXTERNAL, ALTER note SET STORAGE MAIN");
        String noise = "(SELECT string_agg(md5(n::text), '') FROM generate_series(1, 100) n)";
        long order = shop.order(user, SEVENS + "::numeric", "now()");
        shop.sql("UPDATE orders SET note = " + noise + " WHERE id = " + order);
        assertThat(shop.query("SELECT pg_relation_size(reltoastrelid) > 0 FROM pg_class WHERE relname = 'orders'"))
                .isEqualTo("t");
        return order;
    }

    // bad input 13
    @Test
    void textsOfColumnsThatNobodyNeedsMayBeAnything() throws SQLException {
        String[] texts = {"''", "U&'\\202E\\+01F600\\0001'", "'\\u0000'", "repeat('5 megabytes ', 450000)"};
        long user = shop.user();
        long order = shop.order(user, "4", "now()");
        for (String text : texts) {
            shop.sql("UPDATE orders SET note = " + text + " WHERE id = " + order);
            shop.sql("UPDATE users SET email = " + text + " WHERE id = " + user
                    + (text.startsWith("repeat") ? " AND false" : "")); // too long for its index
            assertThat(shop.features(user)).startsWith("1 1 4.0000 ");
        }
    }

    // bad input 14
    @Test
    void aColumnThatIsAddedIsIgnored() throws SQLException {
        long user = shop.user();
        long order = shop.order(user, "4", "now()");
        shop.sql("ALTER TABLE orders ADD COLUMN discount numeric DEFAULT 7, ADD COLUMN \"Ünnötig\" text");
        shop.sql("ALTER TABLE users ADD COLUMN age int");
        shop.sql("UPDATE orders SET discount = 1, total = 6 WHERE id = " + order);
        assertThat(shop.features(user)).startsWith("1 1 6.0000 ");
        shop.sql("ALTER TABLE orders DROP COLUMN discount, ALTER created_at SET NOT NULL");
        shop.sql("ALTER TABLE orders ALTER created_at DROP NOT NULL");
        shop.order(user, "8", "NULL");
        shop.order(user, "8", "now()");
        assertThat(shop.features(user)).startsWith("2 2 7.0000 ");
    }

    // bad input 16
    @Test
    void messagesOfOthersInTheWalAreIgnored() throws SQLException {
        long user = shop.user();
        shop.sql("BEGIN; SELECT pg_logical_emit_message(true, 'theirs', repeat('x', 100000)); INSERT INTO orders"
                + " (user_id, total) VALUES (" + user
                + ", 3); SELECT pg_logical_emit_message(false, 'theirs', 'y'); COMMIT");
        // of a deployment with other tables
        shop.sql("SELECT pg_logical_emit_message(true, 'freshet', '0123456789abcdef mark')");
        assertThat(shop.features(user)).startsWith("1 1 3.0000 ");
    }

    // bad input 11
    @Test
    @Order(Integer.MAX_VALUE)
    void tablesThatAreEmptiedAreEmptyExactly() throws SQLException {
        long user = shop.user();
        shop.order(user, "1", "now()");
        assertThat(shop.features(user)).startsWith("1 1 ");
        shop.sql("TRUNCATE orders");
        assertThat(shop.features(user)).isEqualTo("0 0");
        shop.order(user, "2", "now()");
        assertThat(shop.features(user)).startsWith("1 1 2.0000 ");
        shop.sql("ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id)");
        shop.sql("TRUNCATE users CASCADE");
        shop.assertTruth();
        assertThat(shop.query("SELECT count(*) FROM user_features")).isEqualTo("0");
        long next = shop.user();
        shop.order(next, "5", "now()");
        assertThat(shop.features(next)).startsWith("1 1 5.0000 ");
    }
}
