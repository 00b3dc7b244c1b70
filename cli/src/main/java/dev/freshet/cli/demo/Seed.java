package dev.freshet.cli.demo;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.jdbc.Transaction;

/** Fills an empty shop, in one transaction: a run that is killed meanwhile leaves it empty. */
final class Seed {
    private static final int ORDERS_PER_USER = 10;
    private static final int BATCH = 1_000;
    /** One user in so many has never ordered. */
    private static final int IDLE = 5;

    private final Draws draws;
    private final Instant now;

    Seed(Draws draws, Instant now) {
        this.draws = draws;
        this.now = now;
    }

    void fill(Connection connection, int users, StartProgress progress) throws SQLException {
        int orders = users * ORDERS_PER_USER;
        Transaction.run(connection, statement -> {
            statement.execute("""
                    INSERT INTO users (email, created_at)
                    SELECT 'user-' || n || '@shop.example', now() - random() * interval '60 days'
                    FROM generate_series(1, %d) AS n""".formatted(users));
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO orders (user_id, total, created_at) SELECT * FROM unnest(?::bigint[], ?::numeric[], ?::timestamptz[])")) {
                for (int done = 0; done < orders; done += BATCH) {
                    insertOrders(connection, insert, Math.min(BATCH, orders - done), users);
                    progress.at((double) done / orders, "%,d of %,d orders".formatted(done, orders));
                }
            }
            // The planner should know the tables before the first queries, not minutes later.
            return statement.execute("ANALYZE users, orders");
        });
    }

    private void insertOrders(Connection connection, PreparedStatement insert, int count, int users)
            throws SQLException {
        Long[] user = new Long[count];
        BigDecimal[] total = new BigDecimal[count];
        @Nullable OffsetDateTime[] createdAt = new OffsetDateTime[count];
        int buyers = Math.max(1, users - users / IDLE);
        for (int i = 0; i < count; i++) {
            user[i] = 1L + draws.skewedIndex(buyers);
            total[i] = draws.total();
            // One in 500 has no date, as the schema allows: it belongs to no feature.
            createdAt[i] = draws.index(500) == 0 ? null : draws.orderTime(now).atOffset(ZoneOffset.UTC);
        }
        insert.setArray(1, connection.createArrayOf("bigint", user));
        insert.setArray(2, connection.createArrayOf("numeric", total));
        insert.setArray(3, connection.createArrayOf("timestamptz", createdAt));
        insert.executeUpdate();
    }
}
