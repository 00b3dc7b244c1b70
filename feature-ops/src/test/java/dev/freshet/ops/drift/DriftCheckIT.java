package dev.freshet.ops.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.ops.Shop;
import dev.freshet.ops.drift.DriftReport.Sample;
import dev.freshet.ops.truth.TruthFunction;
import dev.freshet.runtime.source.SourceTables;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

class DriftCheckIT {
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final DriftCheck check = new DriftCheck(SourceTables.standard(), Catalogue.standard());
    private Database database;
    private Shop shop;

    /** Three users, of whom the table has all that is right at noon; complete through noon. */
    @BeforeEach
    void createShopAndTable() throws SQLException {
        database = SharedServers.get().newDatabase();
        shop = new Shop(database);
        new TruthFunction(SourceTables.standard(), Catalogue.standard()).install(shop.connection());
        for (int user = 1; user <= 3; user++) {
            shop.user(user);
        }
        shop.order(1, "10", "2026-03-25 12:00:00+00");
        shop.order(1, "20", "2026-03-31 11:00:00+00");
        shop.order(2, "NaN", "2026-03-01 12:00:00.000001+00");
        shop.run("CREATE TABLE user_features (user_id bigint PRIMARY KEY, order_count_7d int, order_count_30d int,"
                + " avg_order_value numeric, last_order_date date, computed_at timestamptz, exact_until timestamptz,"
                + " incomplete boolean, version bigint)");
        shop.run("CREATE TABLE freshet_complete_through (generation int, lsn pg_lsn, source_time timestamptz)");
        shop.run("INSERT INTO user_features VALUES"
                + " (1, 2, 2, 15.0, '2026-03-31', '2026-03-31 11:00:00+00', '2026-04-01 12:00:00+00', false, 7),"
                + " (2, 0, 1, 'NaN', '2026-03-01', '2026-03-31 11:00:00+00', '2026-03-31 12:00:00.000001+00', false, 8),"
                + " (3, 0, 0, NULL, NULL, '2026-03-31 11:30:00+00', NULL, false, 9)");
        shop.run("INSERT INTO freshet_complete_through VALUES (1, 'FFFFFFFF/0', '2026-03-31 12:00:00+00')");
    }

    @AfterEach
    void closeShop() throws SQLException {
        shop.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTrueTableIsClean(boolean indexed) throws SQLException {
        if (indexed) {
            shop.run("CREATE INDEX ON orders (user_id)");
        }
        DriftReport report = check.run(shop.connection(), PATIENCE);

        assertThat(report.isClean()).as("%s", report).isTrue();
        assertThat(report.compared()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyKindOfDriftIsFoundAndNamed(boolean indexed) throws SQLException {
        if (indexed) {
            shop.run("CREATE INDEX ON orders (user_id)");
        }
        shop.run("UPDATE user_features SET order_count_7d = 3, last_order_date = NULL WHERE user_id = 1");
        shop.run("DELETE FROM user_features WHERE user_id = 2");
        shop.run("INSERT INTO user_features VALUES (4, 0, 0, NULL, NULL, '2026-03-31 11:00:00+00', NULL, false, 9)");

        DriftReport report = check.run(shop.connection(), PATIENCE);

        assertThat(report.isClean()).isFalse();
        assertThat(report.compared()).isEqualTo(4);
        assertThat(report.missing()).isEqualTo(1);
        assertThat(report.extra()).isEqualTo(1);
        assertThat(report.wrong())
                .isEqualTo(Map.of(
                        "order_count_7d", 1L, "order_count_30d", 0L, "avg_order_value", 0L, "last_order_date", 1L));
        assertThat(report.samples())
                .containsExactly(
                        new Sample("1", "order_count_7d", "3", "2"),
                        new Sample("1", "last_order_date", null, "2026-03-31"),
                        new Sample("2", "user_id", null, "2"),
                        new Sample("4", "user_id", "4", null));
    }

    @Test
    void aRowThatTimeShouldHaveChangedIsOverdueAndNotWrong() throws SQLException {
        shop.run("UPDATE freshet_complete_through SET source_time = '2026-03-31 12:00:00.000001+00'");

        DriftReport report = check.run(shop.connection(), PATIENCE);

        assertThat(report.overdue()).isEqualTo(1);
        assertThat(report.wrong())
                .allSatisfy((feature, count) -> assertThat(count).isZero());
        assertThat(report.isClean()).isFalse();
    }

    /** Thousands of users, so that there is time between the two. */
    @Test
    void samplesAreOfWhatWasCounted() throws Exception {
        shop.run("INSERT INTO users (id) SELECT n FROM generate_series(4, 3000) n");
        shop.run("INSERT INTO user_features SELECT n, 0, 0, NULL, NULL, '2026-03-31 11:30:00+00', NULL, false, 9"
                + " FROM generate_series(4, 3000) n");
        AtomicBoolean isEnough = new AtomicBoolean();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (Connection writer = database.connect();
                Statement statement = writer.createStatement()) {
            Future<?> writing = other.submit(() -> {
                while (!isEnough.get()) {
                    statement.execute("UPDATE user_features SET order_count_7d = 1 - order_count_7d WHERE user_id = 7");
                }
                return null;
            });
            for (int i = 0; i < 30; i++) {
                DriftReport report = check.run(shop.connection(), PATIENCE);
                assertThat(report.samples())
                        .hasSize(Math.toIntExact(report.wrong().getOrDefault("order_count_7d", -1L)));
            }
            isEnough.set(true);
            writing.get(10, TimeUnit.SECONDS);
        } finally {
            isEnough.set(true);
            other.shutdownNow();
        }
    }

    @Test
    void aRowAheadOfTheWatermarkIsComparedAtItsOwnTime() throws SQLException {
        shop.order(3, "1", "2026-03-31 12:30:00+00");
        shop.run("UPDATE user_features SET order_count_7d = 1, order_count_30d = 1, avg_order_value = 1,"
                + " last_order_date = '2026-03-31', computed_at = '2026-03-31 12:30:00+00' WHERE user_id = 3");

        assertThat(check.run(shop.connection(), PATIENCE).isClean()).isTrue();
    }

    @Test
    void theFunctionNeedNotBeInstalled() throws SQLException {
        shop.run("CREATE INDEX ON orders (user_id)");
        shop.run("DROP FUNCTION user_features_at");
        assertThat(check.run(shop.connection(), PATIENCE).isClean()).isTrue();
    }

    @Test
    void anIncompleteRowIsCountedApart() throws SQLException {
        shop.run("UPDATE user_features SET order_count_7d = 99, incomplete = true WHERE user_id = 1");

        DriftReport report = check.run(shop.connection(), PATIENCE);

        assertThat(report.incomplete()).isEqualTo(1);
        assertThat(report.isClean()).isTrue();
    }

    @Test
    void aTableThatDoesNotCatchUpIsNotCompared() throws SQLException {
        shop.run("UPDATE freshet_complete_through SET lsn = '0/1'");
        assertThatThrownBy(() -> check.run(shop.connection(), PATIENCE))
                .isInstanceOf(DriftCheckException.class)
                .hasMessageContaining("did not reach lsn");
        shop.run("DELETE FROM freshet_complete_through");
        assertThatThrownBy(() -> check.run(shop.connection(), PATIENCE))
                .isInstanceOf(DriftCheckException.class)
                .hasMessageContaining("no generation was complete");
    }

    @Test
    void sourceAndTargetInTwoDatabasesAreRefused() throws SQLException {
        shop.run("DROP TABLE users");
        assertThatThrownBy(() -> check.run(shop.connection(), PATIENCE))
                .isInstanceOf(DriftCheckException.class)
                .hasMessageContaining("have to be in one database");
    }
}
