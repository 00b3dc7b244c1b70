package dev.freshet.serving.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.schemas.Numeric;

/** What is exported for an instant, against plain SQL that shares nothing with the export. */
class PointInTimeIT {
    private static final Instant BEGINNING = Instant.parse("2024-01-01T00:00:00Z");
    private static final int USERS = 40;

    /** DESIGN 1.3 in PostgreSQL's words, written for this test. */
    private static final String TRUTH = """
            SELECT to_char(l.label_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), l.user_id,
                CASE WHEN u.id IS NOT NULL THEN a.week END, CASE WHEN u.id IS NOT NULL THEN a.month END,
                CASE WHEN u.id IS NOT NULL AND a.n > 0
                    THEN round(sign(a.s) * div(abs(a.s) * 20000 + a.n, 2 * a.n) * 0.0001, 4) END,
                CASE WHEN u.id IS NOT NULL THEN (a.newest AT TIME ZONE 'UTC')::date END
            FROM labels l LEFT JOIN users u ON u.id = l.user_id
            CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE o.created_at > l.label_time - interval '168 hours') AS week,
                    count(*) FILTER (WHERE o.created_at > l.label_time - interval '720 hours') AS month,
                    sum(o.total) AS s, count(*) AS n, max(o.created_at) AS newest
                FROM orders o WHERE o.user_id = l.user_id AND o.created_at <= l.label_time) a
            ORDER BY l.place""";

    @TempDir
    private Path directory;

    private static String amount(Random random) {
        return switch (random.nextInt(14)) {
            case 0 -> "NaN";
            case 1 -> "Infinity";
            case 2 -> "-Infinity";
            case 3 -> "0";
            case 4 -> "-" + random.nextInt(1_000) + "." + random.nextInt(100_000);
            case 5 -> random.nextInt(9) + 1 + "0".repeat(random.nextInt(900));
            case 6 -> "0." + "0".repeat(random.nextInt(900)) + (random.nextInt(9) + 1);
            case 7 -> "92233720368.5477580" + random.nextInt(10);
            case 8 -> "900" + random.nextInt(10) + "0000000." + random.nextInt(100_000_000);
            default -> random.nextInt(500) + "." + random.nextInt(100);
        };
    }

    /** On a coarse grid, so that times meet each other and each other's edges. */
    private static Instant time(Random random) {
        return BEGINNING.plus(random.nextInt(80), ChronoUnit.DAYS).plus(random.nextInt(3) - 1, ChronoUnit.MICROS);
    }

    /** Many users have only plain amounts, as in a shop. */
    private static void fill(Shop shop, Random random) throws SQLException {
        shop.run(
                "INSERT INTO users (id) SELECT generate_series(1, " + USERS + ")",
                "DELETE FROM users WHERE id % 13 = 0");
        for (int i = 0; i < 600; i++) {
            int user = 1 + random.nextInt(USERS);
            String total = user % 3 == 0 ? amount(random) : random.nextInt(500) + "." + random.nextInt(100);
            boolean hasTime = random.nextInt(30) > 0;
            shop.order((long) user, total, hasTime ? time(random).toString() : null);
        }
    }

    /** Late, edited, moved and deleted. */
    private static void stir(Shop shop, Random random) throws SQLException {
        for (int i = 0; i < 150; i++) {
            int order = 1 + random.nextInt(600);
            switch (random.nextInt(5)) {
                case 0 -> shop.run("DELETE FROM orders WHERE id = " + order);
                case 1 ->
                    shop.run("UPDATE orders SET user_id = " + (1 + random.nextInt(USERS)) + " WHERE id = " + order);
                case 2 -> shop.run("UPDATE orders SET created_at = '" + time(random) + "' WHERE id = " + order);
                case 3 -> shop.run("UPDATE orders SET total = " + random.nextInt(100) + " WHERE id = " + order);
                default ->
                    shop.order(1L + random.nextInt(USERS), "7.25", time(random).toString());
            }
        }
    }

    /** On every edge of every order, and a microsecond before and behind it; unsorted, and some twice. */
    private static List<String> labels(Shop shop, Random random) throws SQLException {
        List<String> labels = new ArrayList<>();
        for (String order :
                shop.query("SELECT user_id, to_char(created_at, 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM orders"
                        + " WHERE created_at IS NOT NULL")) {
            String[] parts = order.split(",");
            Instant time = Instant.parse(parts[1])
                    .plus(List.of(0, 7, 30).get(random.nextInt(3)), ChronoUnit.DAYS)
                    .plus(random.nextInt(3) - 1, ChronoUnit.MICROS);
            labels.add(time + "," + parts[0]);
        }
        for (int i = 0; i < 100; i++) {
            labels.add(time(random) + "," + (1 + random.nextInt(USERS + 5)));
            labels.add(labels.get(random.nextInt(labels.size())));
        }
        Collections.shuffle(labels, random);
        return labels;
    }

    private static List<String> truth(Shop shop, List<String> labels) throws SQLException {
        shop.run("CREATE TABLE labels (place int, label_time timestamptz, user_id bigint)");
        try (PreparedStatement insert =
                shop.connection().prepareStatement("INSERT INTO labels VALUES (?, ?::timestamptz, ?)")) {
            for (int i = 0; i < labels.size(); i++) {
                String[] parts = labels.get(i).split(",");
                insert.setInt(1, i);
                insert.setString(2, parts[0]);
                insert.setLong(3, Long.parseLong(parts[1]));
                insert.addBatch();
            }
            insert.executeBatch();
        }
        return shop.query(TRUTH);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 0})
    void everyLabelHasWhatPlainSqlComputesAtItsInstant(int fixed) throws Exception {
        long seed = fixed > 0 ? fixed : Long.getLong("freshet.seed", new Random().nextLong());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        try (Shop shop = Shop.standard()) {
            fill(shop, random);
            stir(shop, random);
            List<String> labels = labels(shop, random);
            Path file = directory.resolve("labels.csv");
            Files.writeString(file, "label_time,user_id\n" + String.join("\n", labels) + "\n");

            List<String> exported = new Exports(directory, shop.config()).eventTime(file);

            List<String> truth = truth(shop, labels);
            assertThat(exported).as("seed %s", seed).hasSameSizeAs(labels);
            for (int i = 0; i < labels.size(); i++) {
                String given = truth.get(i).substring(truth.get(i).indexOf(','));
                assertThat(exported.get(i))
                        .as("seed %s, label %s", seed, i)
                        .isEqualTo(labels.get(i).split(",")[0] + given);
            }
        }
    }

    @Test
    void aUserWithoutOrdersHasZeroesAndAnUnknownOneNothing() throws Exception {
        try (Shop shop = Shop.standard()) {
            shop.run("INSERT INTO users (id) VALUES (1)");
            shop.order(2L, "5", "2024-01-01T00:00:00Z");

            assertThat(new Exports(directory, shop.config())
                            .eventTime("user_id,label_time", "1,2026-01-02T00:00:00Z", "2,2026-01-02T00:00:00Z"))
                    .containsExactly("1,2026-01-02T00:00:00Z,0,0,,", "2,2026-01-02T00:00:00Z,,,,");
        }
    }

    /** Every aggregate, with windows and without; also of a column that may be NULL. */
    @ParameterizedTest
    @ValueSource(ints = {1, 0})
    void everyKindOfFeatureIsWhatPlainSqlComputes(int fixed) throws Exception {
        long seed = fixed > 0 ? fixed : Long.getLong("freshet.seed", new Random().nextLong());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        String features =
                "a count - -;b sum total -;c sum total 36h;d avg tip 9d;e last_date - 7d;f avg total 12d;g sum tip 25d";
        List<String> settings = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (String feature : features.split(";")) {
            String[] parts = feature.split(" ");
            String key = "features." + values.size() + ".";
            settings.addAll(List.of(key + "name", "f_" + parts[0], key + "aggregate", parts[1]));
            if (!parts[2].equals("-")) {
                settings.addAll(List.of(key + "column", parts[2]));
            }
            if (!parts[3].equals("-")) {
                settings.addAll(List.of(key + "window", parts[3]));
            }
            String filter = parts[3].equals("-")
                    ? ""
                    : " FILTER (WHERE o.created_at > l.label_time - interval '"
                            + (parts[3].endsWith("d")
                                    ? 24 * Integer.parseInt(parts[3].replace("d", ""))
                                    : Integer.parseInt(parts[3].replace("h", "")))
                            + " hours')";
            values.add(
                    switch (parts[1]) {
                        case "count" -> "count(*)" + filter;
                        case "sum" -> "trim_scale(sum(o." + parts[2] + ")" + filter + ")";
                        case "avg" ->
                            "round(sign(sum(o.T)F) * div(abs(sum(o.T)F) * 20000 + count(o.T)F, nullif(2 * count(o.T)F, 0)) * 0.0001, 4)"
                                    .replace("T", parts[2])
                                    .replace("F", filter);
                        default -> "(max(o.created_at)" + filter + " AT TIME ZONE 'UTC')::date";
                    });
        }
        try (Shop shop = Shop.standard()) {
            fill(shop, random);
            shop.run(
                    "ALTER TABLE orders ADD COLUMN tip numeric",
                    "UPDATE orders SET tip = CASE id % 3 WHEN 0 THEN NULL WHEN 1 THEN id * 0.37 ELSE -total END",
                    "INSERT INTO users (id) SELECT generate_series(1, 50) ON CONFLICT DO NOTHING");
            List<String> labels = labels(shop, random);
            Path file = directory.resolve("labels.csv");
            Files.writeString(file, "label_time,user_id\n" + String.join("\n", labels) + "\n");

            List<String> exported =
                    new Exports(directory, shop.config(settings.toArray(String[]::new))).eventTime(file);

            truth(shop, labels);
            List<String> truth = shop.query(
                    "SELECT l.user_id, a.* FROM labels l CROSS JOIN LATERAL (SELECT "
                            + String.join(", ", values)
                            + " FROM orders o WHERE o.user_id = l.user_id AND o.created_at <= l.label_time) a ORDER BY l.place");
            for (int i = 0; i < labels.size(); i++) {
                assertThat(exported.get(i))
                        .as("seed %s, label %s", seed, i)
                        .isEqualTo(labels.get(i).split(",")[0] + "," + truth.get(i));
            }
        }
    }

    /** Numbers that no decimal of Parquet's holds are text, all of the column, and that is told. */
    @Test
    void numbersBeyondDecimalsAreTextInParquet() throws Exception {
        try (Shop shop = Shop.standard()) {
            shop.run("INSERT INTO users (id) VALUES (1), (2)");
            shop.order(1L, "NaN", "2024-01-01T00:00:00Z");
            shop.order(2L, "2.5", "2024-01-01T00:00:00Z");
            Exports exports = new Exports(directory, shop.config());
            Path labels = exports.csv("user_id,label_time", "1,2024-01-02T00:00:00Z", "2,2024-01-02T00:00:00Z");

            ExportReport report =
                    exports.run(Exports.request(labels, exports.file("train.parquet"), ExportMode.EVENT_TIME));

            assertThat(Exports.duck("SELECT avg_order_value, typeof(avg_order_value) FROM '" + report.out() + "'"))
                    .containsExactly("NaN,VARCHAR", "2.5000,VARCHAR");
            assertThat(report.textColumns()).containsExactly("avg_order_value");
        }
    }

    /** As PostgreSQL keeps them, -infinity would be before everything. */
    @Test
    void ordersOutsideOfTheDomainAreLeftOutAndCounted() throws Exception {
        try (Shop shop = Shop.standard()) {
            shop.run("INSERT INTO users (id) VALUES (1)");
            shop.order(1L, "1", "-infinity");
            shop.order(1L, "1", "infinity");
            shop.order(1L, "1", "0044-03-15 BC");
            shop.order(1L, "1" + "0".repeat(1_000), "2024-01-01T00:00:00Z");
            shop.order(1L, "0." + "0".repeat(999) + "1", "2024-01-01T00:00:00Z");
            shop.order(1L, "1.5" + "0".repeat(1_099), "2024-01-01T00:00:00Z");
            shop.order(1L, "1" + "0".repeat(999), "2024-01-01T00:00:00Z");
            Exports exports = new Exports(directory, shop.config());
            Path labels = exports.csv("user_id,label_time", "1,2024-01-02T00:00:00Z");

            ExportReport report =
                    exports.run(Exports.request(labels, exports.file("train.csv"), ExportMode.EVENT_TIME));

            assertThat(Files.readAllLines(report.out()).get(1))
                    .isEqualTo("1,2024-01-02T00:00:00Z,1,1,1" + "0".repeat(999) + ".0000,2024-01-01");
            assertThat(report.counts().of(ExportCounts.ORDERS_OUTSIDE)).isEqualTo(6);
        }
    }

    /** The pipeline reads amounts as texts; here they are binary, in which zeros behind the point take no place. */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 1_001, 1_003, 1_004})
    void amountsCountUpToAsManyDigitsAsThePipelineTakes(int digits) throws Exception {
        List<String> amounts = List.of(
                "9".repeat(digits),
                "1" + "0".repeat(digits - 1),
                "9999." + "0".repeat(digits - 4),
                "-12.5" + "0".repeat(digits - 3),
                "123." + "4".repeat(digits - 3),
                "0." + "0".repeat(digits - 1),
                "0." + "0".repeat(digits - 2) + "1");
        try (Shop shop = Shop.standard()) {
            shop.run("INSERT INTO users (id) VALUES (1)");
            for (String amount : amounts) {
                shop.order(1L, amount, "2024-01-01T00:00:00Z");
            }
            Exports exports = new Exports(directory, shop.config());
            Path labels = exports.csv("user_id,label_time", "1,2024-01-02T00:00:00Z");

            ExportReport report =
                    exports.run(Exports.request(labels, exports.file("train.csv"), ExportMode.EVENT_TIME));

            long counting =
                    amounts.stream().filter(PointInTimeIT::isTakenByThePipeline).count();
            assertThat(counting).isEqualTo(digits > 1_000 ? 0 : amounts.size());
            assertThat(Files.readAllLines(report.out()).get(1))
                    .startsWith("1,2024-01-02T00:00:00Z," + counting + "," + counting + ",");
            assertThat(report.counts().of(ExportCounts.ORDERS_OUTSIDE)).isEqualTo(amounts.size() - counting);
        }
    }

    private static boolean isTakenByThePipeline(String amount) {
        try {
            Numeric.parse(amount);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
