package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.source.SourceTables;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** A user is erased of a shop whose users are UUIDs and where not all orders count. */
class EraseOtherShopIT {
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final OtherShop.Ids IDS = OtherShop.Ids.UUID_AND_TEXT;

    private static final UUID GONE = UUID.fromString("7c0ffee0-7777-4777-8777-77777c0ffee1");
    private static final UUID OTHER = UUID.fromString("7c0ffee0-7777-4777-8777-77777c0ffee2");

    private final Database database = SharedServers.get().newDatabase();
    private final SourceTables source = OtherShop.tables(IDS, database);
    private final Map<String, String> environment = OtherShop.environment(IDS);

    @Test
    void aUserIsRefusedForOrdersThatDoNotCountAndErasedOnceTheyAreGone() throws Exception {
        try (OtherShop shop = new OtherShop(database, new SplittableRandom(1), IDS, "FULL");
                Connection connection = database.connect();
                Pipeline pipeline = Pipeline.of(SharedServers.get(), database)) {
            shop.transact(); // others than these two
            trade(connection);
            pipeline.start(Pipeline.Part.ALL, environment);
            Truth.assertTableIsTheTruth(database, pipeline, source);
            tradeOn(connection);
            Truth.assertTableIsTheTruth(database, pipeline, source);
            Canaries canaries = new Canaries(SharedServers.get(), pipeline, connection);
            List<String> before = canaries.of(GONE);
            for (String place : List.of(
                    pipeline.name() + ".changes.g1",
                    pipeline.name() + ".features.g1",
                    pipeline.name() + ".features-job.g1-users-changelog",
                    pipeline.name() + ".features-job.g1-orders-changelog",
                    pipeline.name() + ".features-job.g1-timeline-changelog",
                    pipeline.name() + ".dead-letters",
                    "user_features_history")) {
                assertThat(before).anyMatch(found -> found.startsWith(place), place);
            }

            run(connection, "DELETE FROM \"Sales\".\"Order\" WHERE buyer = '" + GONE + "' AND status <> 'cancelled'");
            Pipeline.Ended refused = erase(pipeline);
            assertThat(refused.code()).as(refused.output()).isEqualTo(78);
            assertThat(refused.output())
                    .contains("user " + GONE
                            + " is in the source: 15 rows of \"Sales\".\"Order\", 1 row of \"Sales\".\"customers\"");
            for (String statement : statements(refused.output())) {
                run(connection, statement);
            }
            List<String> history = historyOfOther(connection);

            Pipeline.Ended erased = erase(pipeline);
            assertThat(erased.code()).as(erased.output() + pipeline.log()).isZero();
            assertThat(erased.output()).contains("\"found\" : 0,").contains("\"dead_letters\" : 1,");
            assertThat(canaries.of(GONE)).isEmpty();
            assertThat(historyOfOther(connection)).isEqualTo(history);
            Truth.assertTableIsTheTruth(database, pipeline, source);
        }
    }

    /** So many that they do not fit into the user's header, and some that never counted. */
    private static void trade(Connection connection) throws SQLException {
        run(connection, "INSERT INTO \"Sales\".customers VALUES ('" + GONE + "'), ('" + OTHER + "')");
        insert(connection, GONE, "paid", 60);
        insert(connection, GONE, "cancelled", 10);
        insert(connection, OTHER, "paid", 3);
    }

    /** Ten orders count no more, five do now, one goes to the other user, and one cannot be used for a while. */
    private static void tradeOn(Connection connection) throws SQLException {
        update(connection, "status = 'cancelled'", "paid", 1, 10);
        update(connection, "status = 'new'", "cancelled", 1, 5);
        update(connection, "buyer = '" + OTHER + "'", "paid", 11, 11);
        update(connection, "\"bought at\" = 'infinity'", "paid", 12, 12);
        update(connection, "\"bought at\" = now()", "paid", 12, 12);
    }

    private static void insert(Connection connection, UUID buyer, String status, int count) throws SQLException {
        run(
                connection,
                "INSERT INTO \"Sales\".\"Order\" (receipt, buyer, cents, \"bought at\", status) SELECT '%1$s %2$s ' || n,"
                                .formatted(name(buyer), status)
                        + " '%s', n, timezone('UTC', now()) - n * interval '1 hour', '%s' FROM generate_series(1, %d) n"
                                .formatted(buyer, status, count));
    }

    /** @param status that these orders of the user began with */
    private static void update(Connection connection, String assignment, String status, int from, int to)
            throws SQLException {
        run(
                connection,
                "UPDATE \"Sales\".\"Order\" SET %s FROM generate_series(%d, %d) n WHERE receipt = '%s %s ' || n"
                        .formatted(assignment, from, to, name(GONE), status));
    }

    /** In receipts, which go with an order to another user and stay there. */
    private static String name(UUID buyer) {
        return buyer.equals(GONE) ? "gone" : "other";
    }

    private Pipeline.Ended erase(Pipeline pipeline) {
        return pipeline.run(environment, PATIENCE, "erase", "--user", GONE.toString(), "--yes", "--prove", "--json");
    }

    /** Those that are printed. */
    private static List<String> statements(String output) {
        return Pattern.compile("DELETE FROM [^;]+;")
                .matcher(output)
                .results()
                .map(MatchResult::group)
                .toList();
    }

    private static List<String> historyOfOther(Connection connection) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT h::text FROM user_features_history h WHERE user_id = '"
                        + OTHER + "' ORDER BY version, held_from")) {
            while (found.next()) {
                rows.add(found.getString(1));
            }
        }
        return rows;
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
