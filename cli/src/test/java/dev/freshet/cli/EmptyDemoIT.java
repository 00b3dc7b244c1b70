package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What somebody does by hand against {@code demo --empty --info FILE}, by JDBC. One demo for all, whose shop is emptied
 * before each test: the first finds it as it was started, and the last ends it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EmptyDemoIT {
    private static final Duration VISIBLE = Duration.ofSeconds(20);
    private static final int FIRST = 1;
    private static final int LAST = Integer.MAX_VALUE;

    @TempDir
    static Path directory;

    private static EmptyDemo demo;

    @BeforeAll
    static void start() throws SQLException {
        demo = EmptyDemo.start(directory);
    }

    @AfterAll
    static void stop() throws SQLException {
        demo.close();
    }

    @BeforeEach
    void emptyTheShop() throws SQLException {
        demo.execute("TRUNCATE users, orders RESTART IDENTITY");
        shows();
    }

    @Test
    @Order(FIRST)
    void rowsFollowWhateverIsDone() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(demo.infoFile())))
                .isEqualTo("rw-------");
        assertThat(rows()).isEmpty();

        demo.execute("INSERT INTO users (email) VALUES ('a@x'), ('b@x')");
        shows("1|0|0|-|false", "2|0|0|-|false");

        demo.execute("INSERT INTO orders (user_id, total) VALUES (1, 10), (1, 0.01), (2, 7)");
        shows("1|2|2|5.0050|true", "2|1|1|7.0000|true");

        demo.execute("UPDATE orders SET total = 20 WHERE id = 1");
        shows("1|2|2|10.0050|true", "2|1|1|7.0000|true");

        demo.execute("UPDATE orders SET user_id = 2 WHERE id = 1");
        shows("1|1|1|0.0100|true", "2|2|2|13.5000|true");

        demo.execute("UPDATE orders SET created_at = now() - interval '20 days' WHERE id = 1");
        shows("1|1|1|0.0100|true", "2|1|2|13.5000|true");

        demo.execute("DELETE FROM orders WHERE id = 2");
        shows("1|0|0|-|false", "2|1|2|13.5000|true");

        demo.execute("DELETE FROM users WHERE id = 1");
        shows("2|1|2|13.5000|true");

        demo.execute("TRUNCATE orders");
        shows("2|0|0|-|false");
    }

    @Test
    void timeAloneMovesOrdersIntoAndOutOfAWindow() throws Exception {
        demo.execute("INSERT INTO users (email) VALUES ('a@x')");
        demo.execute(
                "INSERT INTO orders (user_id, total, created_at) VALUES (1, 5, now() - interval '7 days' + interval '5 s')");
        shows("1|1|1|5.0000|false");
        changesAtItsTime("order_count_7d = 0", "created_at + interval '168 hours'");

        demo.execute("UPDATE orders SET created_at = now() + interval '5 s'");
        shows("1|0|0|-|false");
        changesAtItsTime("order_count_7d = 1", "created_at");
    }

    @Test
    void doctorAndStatusTellThatAllIsWell() throws Exception {
        demo.execute("INSERT INTO users (email) VALUES ('a@x'), ('b@x')");
        shows("1|0|0|-|false", "2|0|0|-|false");

        JsonNode doctor = demo.json(0, "doctor");
        assertThat(doctor.get("ok").asBoolean()).as(doctor.toString()).isTrue();
        assertThat(doctor.get("findings"))
                .allSatisfy(
                        finding -> assertThat(finding.get("severity").asText()).isEqualTo("warning"));

        await("all of it").atMost(VISIBLE).untilAsserted(() -> {
            JsonNode status = demo.json(0, "status");
            JsonNode generation = status.get("generations").get(0);
            assertThat(generation.get("state").asText()).isEqualTo("live");
            assertThat(generation.get("table").get("rows").asLong()).isEqualTo(2);
            assertThat(generation.get("table").get("age_seconds").asDouble()).isBetween(0.0, 5.0);
            assertThat(generation.get("streams_lag").asLong()).isBetween(0L, 1_000L);
            assertThat(generation.get("sink_lag").asLong()).isBetween(0L, 1_000L);
            assertThat(status.get("slots").get(0).get("active").asBoolean()).isTrue();
            assertThat(status.get("dead_letters").asLong()).isZero();
            assertThat(status.get("unreachable")).isEmpty();
        });
    }

    @Test
    @Order(LAST)
    void endsCleanlyAndTakesTheInfoFileAway() {
        assertThat(demo.process().stop()).as(demo.process().output()).isZero();
        assertThat(demo.infoFile()).doesNotExist();
    }

    /** Not before the order's edge, by the one clock of the database, and soon after it. */
    private void changesAtItsTime(String becomes, String edge) {
        List<String> seen = new ArrayList<>();
        await("at its time, " + becomes)
                .atMost(VISIBLE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    try (Statement statement = demo.connection().createStatement();
                            ResultSet row = statement.executeQuery(
                                    "SELECT %s, extract(epoch FROM statement_timestamp() - (%s)) FROM user_features, orders"
                                            .formatted(becomes, edge))) {
                        row.next();
                        seen.add(row.getString(1) + row.getString(2));
                        boolean isEarly = row.getBoolean(1) && row.getDouble(2) < 0;
                        assertThat(isEarly).as("early: %s", seen).isFalse();
                        return row.getBoolean(1);
                    }
                });
    }

    private void shows(String... rows) {
        await("user_features").atMost(VISIBLE).untilAsserted(() -> assertThat(rows())
                .containsExactly(rows));
    }

    private List<String> rows() throws SQLException {
        try (Statement statement = demo.connection().createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT user_id, order_count_7d, order_count_30d, coalesce(avg_order_value::text, '-'),
                            coalesce(last_order_date >= (now() AT TIME ZONE 'UTC')::date - 1, false)
                        FROM user_features ORDER BY user_id""")) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                String truth = row.getBoolean(5) ? "true" : "false";
                rows.add(String.join(
                        "|", row.getString(1), row.getString(2), row.getString(3), row.getString(4), truth));
            }
            return rows;
        }
    }
}
