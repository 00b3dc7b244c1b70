package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What operations does by hand, with the commands and exit codes of OPERATIONS.md. One demo for all: each test leaves the
 * table right and no letter behind, and the last one turns readers to another generation.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperationsIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int LAST = Integer.MAX_VALUE;

    @TempDir
    static Path directory;

    private static EmptyDemo demo;

    @BeforeAll
    static void start() throws SQLException {
        demo = EmptyDemo.start(directory);
        demo.execute("INSERT INTO users (email) SELECT n FROM generate_series(1, 50) n");
        demo.execute("INSERT INTO orders (user_id, total) SELECT 1 + n % 50, n FROM generate_series(1, 500) n");
        awaitRows("order_count_7d = 10 AND NOT incomplete", 50);
    }

    @AfterAll
    static void stop() throws SQLException {
        demo.close();
    }

    @Test
    void aTableThatWasTamperedWithIsFoundAndRepaired() throws Exception {
        assertThat(demo.json(0, "reconcile").get("checked").asLong()).isEqualTo(50);

        demo.execute("UPDATE user_features SET order_count_7d = 99 WHERE user_id = 7");
        JsonNode found = demo.json(1, "reconcile");
        assertThat(found.get("differing_users").asLong()).isEqualTo(1);
        assertThat(found.get("wrong").get("order_count_7d").asLong()).isEqualTo(1);
        assertThat(found.get("samples").get(0).get("table").asText()).isEqualTo("99");

        assertThat(demo.run(0, "reconcile", "--repair")).contains("1 ");
        awaitRows("order_count_7d = 10 AND NOT incomplete", 50);
        assertThat(demo.run(0, "reconcile", "--strict")).contains("50");
    }

    @Test
    void aLetterIsReadReplayedAndDropped() throws Exception {
        demo.execute("UPDATE orders SET created_at = 'infinity' WHERE id = 3");
        awaitRows("incomplete", 1);
        await("the letter")
                .atMost(SOON)
                .until(() -> demo.json(0, "deadletters", "list").size() == 1);
        JsonNode letter = demo.json(0, "deadletters", "show").get(0);
        assertThat(letter.get("user_id").asText()).isEqualTo("4");
        assertThat(letter.get("table").asText()).isEqualTo("orders");
        assertThat(letter.get("row_id").asText()).isEqualTo("3");
        assertThat(letter.get("process").asText()).isEqualTo("ingest");
        assertThat(demo.run(0, "deadletters", "list", "--user", "4")).contains("orders 3");
        assertThat(demo.run(0, "deadletters", "list", "--user", "5")).isEmpty();
        assertThat(demo.run(1, "deadletters", "list", "4711"))
                .contains("1 of the letters named is not there")
                .contains("freshet deadletters list --info " + demo.infoFile());
        assertThat(demo.json(1, "deadletters", "drop", "4711", "--yes")
                        .get("dropped")
                        .asLong())
                .isZero();

        assertThat(demo.json(1, "deadletters", "replay")
                        .get("then")
                        .get("incomplete")
                        .asLong())
                .as("the source's row is still as it was")
                .isEqualTo(1);
        demo.execute("UPDATE orders SET created_at = now() WHERE id = 3");
        JsonNode replayed = demo.json(0, "deadletters", "replay");
        assertThat(replayed.get("repair").get("replaced").asLong()).isEqualTo(1);
        awaitRows("order_count_7d = 10 AND NOT incomplete", 50);

        long all = demo.json(0, "deadletters", "list").size();
        assertThat(demo.json(2, "deadletters", "drop").get("would_drop").asLong())
                .isEqualTo(all);
        assertThat(demo.json(0, "deadletters", "drop", "--yes").get("dropped").asLong())
                .isEqualTo(all);
        assertThat(demo.json(0, "deadletters", "list")).isEmpty();
        assertThat(demo.json(0, "deadletters", "drop", "--yes").get("dropped").asLong())
                .isZero();
    }

    @Test
    @Order(LAST)
    void aGenerationIsBuiltComparedTurnedToAndTurnedBackFrom() throws Exception {
        demo.run(78, "replay", "diff");
        demo.run(78, "replay", "rollback");
        assertThat(demo.run(0, "replay", "start", "--wait")).contains("generation 2");
        assertThat(demo.run(78, "replay", "start")).contains("freshet replay drop 2 --yes --info " + demo.infoFile());
        assertThat(demo.json(0, "replay", "diff").get("compared").asLong()).isEqualTo(50);
        assertThat(epoch()).isEqualTo(1);

        demo.execute("UPDATE user_features_g2 SET order_count_7d = 99 WHERE user_id = 7");
        assertThat(demo.json(1, "replay", "diff")
                        .get("by_feature")
                        .get("order_count_7d")
                        .asLong())
                .isEqualTo(1);
        demo.run(1, "replay", "swap");
        assertThat(epoch()).isEqualTo(1);
        demo.run(0, "replay", "swap", "--max-difference", "0.02");
        assertThat(epoch()).isEqualTo(2);

        demo.run(0, "replay", "rollback");
        assertThat(epoch()).isEqualTo(3);
        assertThat(demo.run(78, "replay", "rollback")).contains("--to 2");
        demo.run(0, "replay", "rollback", "--to", "2");
        assertThat(epoch()).isEqualTo(4);

        demo.run(78, "replay", "drop", "2", "--yes");
        assertThat(demo.run(0, "replay", "drop", "--yes")).contains("user_features_g1");
        assertThat(demo.json(0, "replay", "status").get("generations"))
                .singleElement()
                .satisfies(one -> assertThat(one.get("generation").asInt()).isEqualTo(2));
        assertThat(demo.json(0, "status").get("generations")).hasSize(1);

        demo.run(0, "reconcile", "--repair");
        awaitRows("order_count_7d = 10 AND NOT incomplete", 50);
    }

    private static long epoch() throws SQLException {
        return number("SELECT DISTINCT epoch FROM user_features");
    }

    private static void awaitRows(String condition, long count) {
        await(count + " rows with " + condition)
                .atMost(SOON)
                .until(() -> number("SELECT count(*) FROM user_features WHERE " + condition) == count);
    }

    private static long number(String sql) throws SQLException {
        try (Statement statement = demo.connection().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
