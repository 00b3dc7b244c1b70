package dev.freshet.serving.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

import dev.freshet.runtime.time.Time;

/**
 * How fast an export is, beside the best SQL that we could write for DuckDB, on the same rows, and beside plain SQL in PostgreSQL. Run
 * it on a machine at rest: -Dfreshet.measure=true -Dit.test=ExportFiguresIT, with -Dfreshet.measure.orders=10000000 for another size.
 */
@EnabledIfSystemProperty(named = "freshet.measure", matches = "true")
class ExportFiguresIT {
    private static final int ROUNDS = 3;
    private static final double MOST_OF_HAND_WRITTEN = 1.5;
    private static final double LEAST_OF_LATERAL = 10;
    private static final long ORDERS = Long.getLong("freshet.measure.orders", 10_000_000);
    private static final long LABELS = ORDERS / 10;
    private static final long USERS = Math.max(1, ORDERS / 100);

    /** Running totals of each user, looked up at the instant and at the edges of both windows. */
    private static final String ASOF = """
            CREATE OR REPLACE TABLE answer AS
            WITH c AS (
                SELECT u, t, count(*) OVER w AS n, sum(total) OVER w AS s FROM orders
                WINDOW w AS (PARTITION BY u ORDER BY t))
            SELECT l.label, coalesce(a.n, 0) - coalesce(b.n, 0) AS week, coalesce(a.n, 0) - coalesce(m.n, 0) AS month,
                a.s AS s, a.n AS n, CAST(a.t AS DATE) AS newest
            FROM labels AS l
            ASOF LEFT JOIN c AS a ON l.u = a.u AND l.t >= a.t
            ASOF LEFT JOIN c AS b ON l.u = b.u AND l.t - INTERVAL 168 HOUR >= b.t
            ASOF LEFT JOIN c AS m ON l.u = m.u AND l.t - INTERVAL 720 HOUR >= m.t""";

    /** Each label with every order before it. */
    private static final String JOIN = """
            CREATE OR REPLACE TABLE answer AS
            SELECT l.label, count(o.t) FILTER (o.t > l.t - INTERVAL 168 HOUR) AS week,
                count(o.t) FILTER (o.t > l.t - INTERVAL 720 HOUR) AS month,
                sum(o.total) AS s, count(o.t) AS n, CAST(max(o.t) AS DATE) AS newest
            FROM labels AS l LEFT JOIN orders AS o ON o.u = l.u AND o.t <= l.t
            GROUP BY l.label""";

    /** Orders and what is asked in one sorted sequence. */
    private static final String UNION = """
            CREATE OR REPLACE TABLE answer AS
            WITH all_rows AS (
                SELECT u, t, 0 AS kind, total, NULL AS label FROM orders
                UNION ALL SELECT u, t, 1, NULL, label FROM labels
                UNION ALL SELECT u, t - INTERVAL 168 HOUR, 2, NULL, label FROM labels
                UNION ALL SELECT u, t - INTERVAL 720 HOUR, 3, NULL, label FROM labels),
            running AS (
                SELECT kind, label, count(total) OVER w AS n, sum(total) OVER w AS s,
                    max(CASE WHEN kind = 0 THEN t END) OVER w AS newest
                FROM all_rows WINDOW w AS (PARTITION BY u ORDER BY t, kind ROWS UNBOUNDED PRECEDING))
            SELECT label, max(n) FILTER (kind = 1) - max(n) FILTER (kind = 2) AS week,
                max(n) FILTER (kind = 1) - max(n) FILTER (kind = 3) AS month,
                max(s) FILTER (kind = 1) AS s, max(n) FILTER (kind = 1) AS n,
                CAST(max(newest) FILTER (kind = 1) AS DATE) AS newest
            FROM running WHERE kind > 0 GROUP BY label""";

    @TempDir
    private Path directory;

    private interface Work {
        void run() throws Exception;
    }

    private static double seconds(Work work) throws Exception {
        long begun = Time.system().nanoTime();
        work.run();
        return (Time.system().nanoTime() - begun) / 1e9;
    }

    private static void say(String what, long count, double seconds) {
        System.out.printf("FIGURE %-60s %8.2f s %,12.0f/s%n", what, seconds, count / seconds);
    }

    @Test
    void figures() throws Exception {
        try (Shop shop = Shop.standard()) {
            Load.fill(shop, USERS, ORDERS);
            Path labels = Load.labels(directory.resolve("labels.parquet"), USERS, LABELS);
            System.out.printf("FIGURE %,d labels, %,d orders, %,d users%n", LABELS, ORDERS, USERS);
            Exports exports = new Exports(directory, shop.config());
            double join = Double.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                ExportTimings took = exports.run(
                                Exports.request(labels, exports.file("train.parquet"), ExportMode.EVENT_TIME))
                        .timings();
                say("reading labels", LABELS, took.labels().toMillis() / 1e3);
                say("extraction, orders", ORDERS, took.extraction().toMillis() / 1e3);
                say("join, labels", LABELS, took.join().toMillis() / 1e3);
                say("writing, labels", LABELS, took.write().toMillis() / 1e3);
                join = Math.min(join, took.join().toMillis() / 1e3);
            }
            double best = handWritten(shop, labels, exports.file("train.parquet"));
            System.out.printf("FIGURE join takes %.2f times what the best hand-written SQL takes%n", join / best);
            double faster = LABELS / join / lateralPerSecond(shop, labels);
            System.out.printf("FIGURE join is %.1f times as fast as LATERAL%n", faster);
            assertThat(join).as("beside the best hand-written SQL").isLessThanOrEqualTo(MOST_OF_HAND_WRITTEN * best);
            assertThat(faster).as("beside LATERAL").isGreaterThanOrEqualTo(LEAST_OF_LATERAL);
        }
    }

    private double handWritten(Shop shop, Path labels, Path exported) throws Exception {
        Path orders = directory.resolve("orders.csv");
        try (OutputStream out = Files.newOutputStream(orders)) {
            shop.connection()
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY (SELECT user_id, created_at, total FROM orders) TO STDOUT (FORMAT csv)", out);
        }
        double best = Double.MAX_VALUE;
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + directory.resolve("hand.duckdb"));
                Statement statement = connection.createStatement()) {
            for (String sql : List.of(
                    "SET TimeZone = 'UTC'",
                    "CREATE TABLE orders AS SELECT * FROM read_csv('" + orders
                            + "', header = false, columns = {u: 'BIGINT', t: 'TIMESTAMPTZ', total: 'DECIMAL(12, 2)'})",
                    "CREATE TABLE labels AS SELECT label, user_id AS u, label_time AS t FROM '" + labels + "'")) {
                statement.execute(sql);
            }
            for (Map.Entry<String, String> one : variants().entrySet()) {
                double fastest = Double.MAX_VALUE;
                for (int round = 0; round < ROUNDS; round++) {
                    fastest = Math.min(fastest, seconds(() -> statement.execute(one.getValue())));
                }
                say("hand-written, " + one.getKey(), LABELS, fastest);
                assertThat(different(statement, exported)).as(one.getKey()).isZero();
                best = Math.min(best, fastest);
            }
        }
        return best;
    }

    private static Map<String, String> variants() {
        Map<String, String> variants = new LinkedHashMap<>();
        variants.put("ASOF joins with running totals", ASOF);
        variants.put("one sorted sequence", UNION);
        variants.put("join and group", JOIN);
        return variants;
    }

    /** It has to answer the same, or its speed says nothing. */
    private static long different(Statement statement, Path exported) throws SQLException {
        try (var rows = statement.executeQuery("SELECT count(*) FROM answer AS a FULL JOIN '" + exported
                + "' AS e USING (label) WHERE a.week IS DISTINCT FROM e.order_count_7d"
                + " OR a.month IS DISTINCT FROM e.order_count_30d OR a.newest IS DISTINCT FROM e.last_order_date"
                + " OR (coalesce(a.n, 0) = 0) <> (e.avg_order_value IS NULL)"
                + " OR abs(a.s / nullif(a.n, 0) - e.avg_order_value) > 0.0001")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static double lateralPerSecond(Shop shop, Path labels) throws Exception {
        int oneIn = (int) Math.max(1, LABELS / 2_000);
        Load.copy(shop, labels, oneIn);
        shop.run("ANALYZE labels");
        long asked = Long.parseLong(shop.query("SELECT count(*) FROM labels").get(0));
        double took = seconds(() -> shop.query(Load.lateral()));
        say("LATERAL in PostgreSQL, of a sample of labels", asked, took);
        return asked / took;
    }
}
