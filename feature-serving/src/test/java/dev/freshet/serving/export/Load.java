package dev.freshet.serving.export;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** A shop of any size, and labels of it: the same each time. */
final class Load {
    private static final int DAYS = 365;

    /** DESIGN 1.3 by hand, of the labels in a table. */
    private static final String LATERAL = """
            SELECT l.user_id, to_char(l.label_time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
                    || coalesce('.' || nullif(rtrim(to_char(l.label_time, 'US'), '0'), '') , '') || '+00',
                a.week, a.month, round(a.s / nullif(a.n, 0), 4), (a.newest AT TIME ZONE 'UTC')::date
            FROM labels l CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE o.created_at > l.label_time - interval '168 hours') AS week,
                    count(*) FILTER (WHERE o.created_at > l.label_time - interval '720 hours') AS month,
                    sum(o.total) AS s, count(*) AS n, max(o.created_at) AS newest
                FROM orders o WHERE o.user_id = l.user_id AND o.created_at <= l.label_time) a
            ORDER BY l.place""";

    private Load() {}

    /** Few users make most of the orders; the times are spread over a year, to the microsecond. */
    static void fill(Shop shop, long users, long orders) throws SQLException {
        shop.run(
                "INSERT INTO users (id) SELECT generate_series(1, " + users + ")",
                "SELECT setseed(0.5)",
                """
                INSERT INTO orders (user_id, total, created_at)
                SELECT 1 + floor(%d * power(random(), 1.5)), round((random() * 500)::numeric, 2),
                    '2024-01-01Z'::timestamptz + random() * interval '%d days'
                FROM generate_series(1, %d)""".formatted(users, DAYS, orders),
                "CREATE INDEX ON orders (user_id)",
                "ANALYZE orders");
    }

    /** In no order; label numbers them. */
    static Path labels(Path file, long users, long labels) throws SQLException {
        Exports.parquet(file, """
                SELECT range AS label, CAST(1 + hash(range) %% %d AS BIGINT) AS user_id,
                    TIMESTAMPTZ '2024-01-01 00:00:00Z'
                        + to_microseconds(CAST(hash(range + 1000000000) %% (%d * 86400000000) AS BIGINT)) AS label_time
                FROM range(%d)""".formatted(users, DAYS, labels));
        return file;
    }

    /** What plain SQL computes for one label in so many. */
    static List<String> truth(Shop shop, Path labels, int oneIn) throws SQLException {
        copy(shop, labels, oneIn);
        return shop.query(LATERAL);
    }

    /** Into the table labels. */
    static void copy(Shop shop, Path labels, int oneIn) throws SQLException {
        shop.run("CREATE TABLE labels (place bigint, user_id bigint, label_time timestamptz)");
        try (PreparedStatement insert =
                shop.connection().prepareStatement("INSERT INTO labels VALUES (?, ?, ?::timestamptz)")) {
            for (String label : Exports.duck(
                    "SELECT label, user_id, label_time FROM '" + labels + "' WHERE label % " + oneIn + " = 0")) {
                String[] parts = label.split(",");
                insert.setLong(1, Long.parseLong(parts[0]));
                insert.setLong(2, Long.parseLong(parts[1]));
                insert.setString(3, parts[2]);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    static String lateral() {
        return LATERAL;
    }
}
