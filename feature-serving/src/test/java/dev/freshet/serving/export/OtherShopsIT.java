package dev.freshet.serving.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources that call their tables otherwise, and have other ids, times and amounts. */
class OtherShopsIT {
    private static final String ID = "6f2c9f0a-1111-4222-8333-444455556666";

    @TempDir
    private Path directory;

    @Test
    void namesFiltersCentsAndTimesWithoutZoneAreTheSources() throws Exception {
        try (Shop shop = new Shop()) {
            shop.run(
                    "CREATE SCHEMA \"The Shop\"",
                    "CREATE TABLE \"The Shop\".\"Kunden\" (\"Nr.\" int PRIMARY KEY)",
                    "CREATE TABLE \"The Shop\".\"order\" (id int, \"von\" int, cents int, \"am\" timestamp, status text)",
                    "INSERT INTO \"The Shop\".\"Kunden\" VALUES (7)",
                    "INSERT INTO \"The Shop\".\"order\" VALUES (1, 7, 1999, '2024-01-01 23:30:00', 'paid'),"
                            + " (2, 7, 100, '2024-01-01 23:40:00', 'cancelled'), (3, 7, 1, '2024-01-01 23:50:00', NULL)");
            Exports exports = new Exports(
                    directory,
                    shop.config(
                            "source.schema", "The Shop",
                            "source.users.table", "Kunden",
                            "source.users.id", "Nr.",
                            "source.orders.table", "order",
                            "source.orders.user.id", "von",
                            "source.orders.created.at", "am",
                            "source.orders.created.at.type", "timestamp",
                            "source.orders.columns.total", "cents",
                            "source.orders.scale.total", "2",
                            "source.orders.where", "status <> 'cancelled'"));

            assertThat(exports.eventTime(
                            "user_id,label_time", "7,2024-01-02T00:00:00+00:00", "7,2024-01-02T00:00:00+01:00"))
                    .containsExactly(
                            "7,2024-01-02T00:00:00+00:00,1,1,19.9900,2024-01-01", "7,2024-01-02T00:00:00+01:00,0,0,,");
        }
    }

    private Shop withIds(String type, String id) throws Exception {
        Shop shop = new Shop();
        shop.run(
                "CREATE TABLE users (id " + type + " PRIMARY KEY)",
                "CREATE TABLE orders (id bigint, user_id " + type + ", total numeric, created_at timestamptz)",
                "INSERT INTO users VALUES ('" + id.replace("'", "''") + "')",
                "INSERT INTO orders SELECT n, id, n, '2024-01-01Z' FROM users, generate_series(1, 2) AS n");
        return shop;
    }

    @Test
    void usersMayHaveUuids() throws Exception {
        try (Shop shop = withIds("uuid", ID)) {
            Exports exports = new Exports(directory, shop.config("source.users.id.type", "uuid"));
            String upper = ID.toUpperCase(java.util.Locale.ROOT);

            assertThat(exports.eventTime(
                            "user_id,label_time", ID + ",2024-01-02T00:00:00Z", upper + ",2024-01-02T00:00:00Z"))
                    .containsExactly(
                            ID + ",2024-01-02T00:00:00Z,2,2,1.5000,2024-01-01",
                            upper + ",2024-01-02T00:00:00Z,2,2,1.5000,2024-01-01");
            assertThat(catchThrowableOfType(
                            ExportRefusedException.class,
                            () -> exports.eventTime("user_id,label_time", "7,2024-01-02T00:00:00Z")))
                    .hasMessageContaining("row 1: user_id 7 is no uuid");
        }
    }

    @Test
    void usersMayHaveAnyText() throws Exception {
        try (Shop shop = withIds("text", "it's \\ \u00e9 \uD83D\uDE00")) {
            Exports exports = new Exports(directory, shop.config("source.users.id.type", "text"));

            assertThat(exports.eventTime(
                            "user_id,label_time",
                            "it's \\ \u00e9 \uD83D\uDE00,2024-01-02T00:00:00Z",
                            "other,2024-01-02T00:00:00Z"))
                    .containsExactly(
                            "it's \\ \u00e9 \uD83D\uDE00,2024-01-02T00:00:00Z,2,2,1.5000,2024-01-01",
                            "other,2024-01-02T00:00:00Z,,,,");
        }
    }

    /** In a CSV file it is refused with its line; here it would be asked of PostgreSQL, which has no such text. */
    @Test
    void anIdWithANulIsOfNobodyAndRefusedWithItsRow() throws Exception {
        try (Shop shop = withIds("text", "a")) {
            Exports exports = new Exports(directory, shop.config("source.users.id.type", "text"));
            Path labels = exports.file("labels.parquet");
            Exports.parquet(
                    labels,
                    "SELECT u AS user_id, TIMESTAMPTZ '2024-01-02 00:00:00Z' AS label_time"
                            + " FROM (VALUES ('a'), ('a' || chr(0) || 'b')) AS v(u)");

            assertThat(exports.refusal(labels)).contains("row 2: user_id a?b holds a NUL");

            ExportReport passed = exports.run(new ExportRequest(
                    labels, exports.file("train.csv"), ExportMode.EVENT_TIME, BadRows.NULL, true, null, "test"));
            assertThat(passed.counts().of(ExportCounts.BAD_ROWS)).isEqualTo(1);
            assertThat(Exports.duck("SELECT order_count_7d FROM '" + passed.out() + "'"))
                    .containsExactly("2", "");
        }
    }

    @Test
    void whereThereAreTooManyUsersToNameAllOrdersAreRead() throws Exception {
        try (Shop shop = Shop.standard()) {
            int users = UserFilter.MOST + 1;
            shop.run(
                    "INSERT INTO users (id) SELECT generate_series(1, " + (users + 1) + ")",
                    "INSERT INTO orders (user_id, total, created_at) SELECT n, n, '2024-01-01Z' FROM generate_series(1, "
                            + (users + 1) + ") AS n");
            Exports exports = new Exports(directory, shop.config());
            String[] labels = new String[users + 1];
            labels[0] = "user_id,label_time";
            for (int i = 1; i <= users; i++) {
                labels[i] = i + ",2024-01-02T00:00:00Z";
            }
            Path file = exports.csv(labels);

            ExportReport report = exports.run(Exports.request(file, exports.file("train.csv"), ExportMode.EVENT_TIME));

            assertThat(report.counts().of(ExportCounts.ORDERS)).isEqualTo(users + 1);
            assertThat(java.nio.file.Files.readAllLines(report.out()).get(users))
                    .isEqualTo(users + ",2024-01-02T00:00:00Z,1,1," + users + ".0000,2024-01-01");

            shop.run("ANALYZE orders");
            assertThat(exports.totalsOfOrders(file)).as("totals that are told").containsExactly(users + 1L);
        }
    }
}
