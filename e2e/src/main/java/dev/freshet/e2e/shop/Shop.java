package dev.freshet.e2e.shop;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;

import dev.freshet.testkit.servers.Database;

/**
 * A shop whose users and orders change at random. Ids are drawn from small ranges, so that rows meet: an operation on a row
 * that is not there does nothing, as in SQL.
 */
public final class Shop implements AutoCloseable {
    private static final int USERS = 120;
    private static final int ORDERS = 1_500;
    private static final long FIRST_ORDER = 1_000_000;
    private static final int OPERATIONS = 1_000;
    private static final String[] TOTALS = {
        "0", "0.005", "-12.30", "19.99", "NaN", "1234567890123456789012345678901234567890", "7", "0.01", "250.00"
    };

    private final Connection connection;
    private final SplittableRandom random;
    private final Part part;

    /**
     * What a shop changes.
     *
     * @param number those of different numbers have no user and no order in common
     * @param truncates whether it empties whole tables, now and then
     */
    public record Part(int number, boolean truncates) {
        private static final Part ALL = new Part(0, true);

        private long user(int one) {
            return number * 1_000L + one;
        }

        private long order(int one) {
            return (number + 1) * FIRST_ORDER + one;
        }
    }

    private Shop(Connection connection, SplittableRandom random, Part part) throws SQLException {
        this.connection = connection;
        this.random = random;
        this.part = part;
        connection.setAutoCommit(false);
    }

    /** One that is new: makes its tables. */
    public Shop(Database database, SplittableRandom random) throws SQLException {
        this(opened(database), random, Part.ALL);
    }

    private static Connection opened(Database database) throws SQLException {
        Connection connection = database.connect();
        createTables(connection);
        return connection;
    }

    /** Changes a part of one whose tables are there. */
    public static Shop changing(Part part, Database database, SplittableRandom random) throws SQLException {
        return new Shop(database.connect(), random, part);
    }

    /** The tables of the shop, empty. */
    public static void createTables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    CREATE TABLE users (
                        id bigserial PRIMARY KEY, email text UNIQUE NOT NULL, created_at timestamptz DEFAULT now());
                    CREATE TABLE orders (
                        id bigserial PRIMARY KEY, user_id bigint NOT NULL REFERENCES users(id),
                        total numeric NOT NULL, created_at timestamptz DEFAULT now());
                    CREATE INDEX ON orders (user_id)""");
        }
    }

    /** One transaction of a few random operations; rarely rolled back. */
    public void transact() throws SQLException {
        change();
        if (random.nextInt(20) == 0) {
            connection.rollback();
        } else {
            connection.commit();
        }
    }

    /** A few random operations of a transaction that stays open. */
    public void change() throws SQLException {
        for (int i = random.nextInt(1, 8); i > 0; i--) {
            operate();
        }
    }

    /** Ends the transaction that {@link #change} began. */
    public void commit() throws SQLException {
        connection.commit();
    }

    public void rollback() throws SQLException {
        connection.rollback();
    }

    private void operate() throws SQLException {
        int kind = random.nextInt(OPERATIONS);
        if (kind < 420) {
            insertOrder(order(), user());
        } else if (kind < 500) {
            run("UPDATE orders SET total = ?::numeric WHERE id = ?", total(), order());
        } else if (kind < 580) {
            run("UPDATE orders SET created_at = " + createdAt() + " WHERE id = ?", order());
        } else if (kind < 660) {
            run("UPDATE orders SET user_id = u.id FROM users u WHERE u.id = ? AND orders.id = ?", user(), order());
        } else if (kind < 700) {
            run("UPDATE orders SET id = ? WHERE id = ? AND NOT EXISTS (SELECT FROM orders WHERE id = ?)", moveOrder());
        } else if (kind < 820) {
            run("DELETE FROM orders WHERE id = ?", order());
        } else if (kind < 870) {
            long order = order();
            run("DELETE FROM orders WHERE id = ?", order);
            insertOrder(order, user());
        } else if (kind < 950) {
            long user = user();
            run("INSERT INTO users (id, email) VALUES (?, 'u' || ?) ON CONFLICT DO NOTHING", user, user);
        } else if (kind < 985) {
            long user = user();
            run("DELETE FROM orders WHERE user_id = ?", user);
            run("DELETE FROM users WHERE id = ?", user);
        } else if (kind < 998 || !part.truncates()) {
            run(
                    "INSERT INTO orders (user_id, total) SELECT u.id, n FROM users u, generate_series(1, 80) n"
                            + " WHERE u.id = ?",
                    user());
        } else {
            run(random.nextBoolean() ? "TRUNCATE orders" : "TRUNCATE users CASCADE");
        }
    }

    private Object[] moveOrder() {
        long to = order();
        return new Object[] {to, order(), to};
    }

    private void insertOrder(long order, long user) throws SQLException {
        run(
                "INSERT INTO orders (id, user_id, total, created_at) SELECT ?, u.id, ?::numeric, " + createdAt()
                        + " FROM users u WHERE u.id = ? ON CONFLICT (id) DO NOTHING",
                order,
                total(),
                user);
    }

    /** Also orders that enter or leave a window while the test runs, and those dated in the future or not at all. */
    private String createdAt() {
        return switch (random.nextInt(10)) {
            case 0 -> "NULL";
            case 1 -> "now() - interval '7 days' + interval '1 millisecond' * " + random.nextInt(30_000);
            case 2 -> "now() - interval '30 days' + interval '1 millisecond' * " + random.nextInt(30_000);
            case 3 -> "now() + interval '1 millisecond' * " + random.nextInt(30_000);
            case 4 -> "now() + interval '10 days'";
            default -> "now() - interval '1 microsecond' * " + random.nextLong(40L * 86_400_000_000L);
        };
    }

    private String total() {
        return TOTALS[random.nextInt(TOTALS.length)];
    }

    private long user() {
        return part.user(
                random.nextInt(1, 1 + random.nextInt(1, USERS + 1))); // low numbers more often: some users are heavy
    }

    private long order() {
        return part.order(random.nextInt(ORDERS));
    }

    private void run(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.execute();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
