package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.e2e.path.Pipeline.Part;
import dev.freshet.e2e.shop.Shop;
import dev.freshet.testkit.process.ChildJvm;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** What lookups and exports tell of a table that the other processes keep. */
class ServingIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern URL = Pattern.compile("answering lookups url=(\\S+)");
    private static final int ORDERS = 40;
    private static final int LOOKS = 12;

    @TempDir
    static Path directory;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static Database database;
    private static Pipeline pipeline;
    private static Connection connection;
    private static Statement statement;

    @BeforeAll
    static void start() throws Exception {
        database = SharedServers.get().newDatabase();
        pipeline = Pipeline.of(SharedServers.get(), database);
        new Shop(database, new SplittableRandom(1)).close();
        connection = database.connect();
        statement = connection.createStatement();
        pipeline.start(Part.ALL, Map.of());
        Truth.assertTableIsTheTruth(database, pipeline);
        pipeline.start(Part.SERVE, Map.of("FRESHET_SERVING_PORT", "0"));
        await("serving").atMost(PATIENCE).until(() -> URL.matcher(pipeline.output(Part.SERVE))
                .find());
    }

    @AfterAll
    static void stop() throws SQLException {
        connection.close();
        pipeline.close();
    }

    private static String text(String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        Matcher url = URL.matcher(pipeline.output(Part.SERVE));
        assertThat(url.find()).isTrue();
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(url.group(1) + path)).build(), BodyHandlers.ofString());
    }

    @Test
    void anOrderIsInWhatIsServedToWhoeverNamesThePositionBehindIt() throws Exception {
        String user = text("INSERT INTO users (id, email) VALUES (9000, 'reader') RETURNING id");
        for (int orders = 1; orders <= ORDERS; orders++) {
            statement.execute("INSERT INTO orders (user_id, total) VALUES (" + user + ", 5)");
            String position = text("SELECT pg_current_wal_insert_lsn()");
            String path = "/v1/users/" + user + "/features?min_lsn=" + position;
            HttpResponse<String> reply = get(path);
            // On a machine that is too slow it is refused, never answered without the order.
            for (int again = 0; again < 10 && reply.statusCode() == 412; again++) {
                reply = get(path);
            }

            assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
            JsonNode features = JSON.readTree(reply.body()).get("features");
            assertThat(features.get("order_count_7d").intValue())
                    .as(reply.body())
                    .isEqualTo(orders);
        }
    }

    /** Not right beside a change: the instant of a version is when its transaction began, a moment before readers see it. */
    @Test
    void anExportOfWhatWasServedSaysWhatReadersSaw() throws Exception {
        statement.execute("INSERT INTO users (id, email) VALUES (9100, 'seen'), (9101, 'also seen')");
        List<String> labels = new ArrayList<>(List.of("user_id,label_time,seen"));
        for (int look = 1; look <= LOOKS; look++) {
            String taken = "2 users, " + look + " orders";
            long user = 9100 + look % 2;
            statement.execute("INSERT INTO orders (user_id, total) VALUES (" + user + ", " + look + ")");
            await("the order is in the table")
                    .atMost(PATIENCE)
                    .until(() -> taken.equals(text("SELECT count(*) || ' users, ' || sum(order_count_30d) || ' orders'"
                            + " FROM user_features WHERE user_id IN (9100, 9101)")));
            for (long seen : new long[] {9100, 9101}) {
                labels.add(text("SELECT user_id || ',' || to_char(clock_timestamp() AT TIME ZONE 'UTC',"
                        + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') || ',' || order_count_30d || ':' ||"
                        + " coalesce(avg_order_value::text, '') FROM user_features WHERE user_id = " + seen));
            }
        }
        Path file = Files.write(directory.resolve("labels.csv"), labels);
        Path out = directory.resolve("train.csv");
        try (ChildJvm export = pipeline.command(
                "export", "--labels", file.toString(), "--out", out.toString(), "--mode", "as-served", "--json")) {
            assertThat(export.exitCode(PATIENCE)).as(export.output()).isZero();
        }

        List<String> rows = Files.readAllLines(out);
        assertThat(rows).hasSize(1 + 2 * LOOKS);
        List<String> header = List.of(rows.get(0).split(","));
        for (String row : rows.subList(1, rows.size())) {
            String[] cells = row.split(",", -1);
            assertThat(cells[header.indexOf("order_count_30d")] + ":" + cells[header.indexOf("avg_order_value")])
                    .as(row)
                    .isEqualTo(cells[header.indexOf("seen")]);
        }
    }
}
