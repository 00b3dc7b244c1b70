package dev.freshet.e2e.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.PostgresServer;

/** Shops that are filled once, and copied for each trial. */
record ShopSeed(PostgresServer postgres, BenchOptions options) {
    private static final String TABLES = """
            CREATE TABLE users (
                id bigserial PRIMARY KEY, email text UNIQUE NOT NULL, created_at timestamptz DEFAULT now());
            CREATE TABLE orders (
                id bigserial PRIMARY KEY, user_id bigint NOT NULL REFERENCES users(id),
                total numeric NOT NULL, created_at timestamptz DEFAULT now());
            CREATE INDEX ON orders (user_id);
            """;

    private static final String USERS =
            "INSERT INTO users (email) SELECT 'user' || n || '@example.com' FROM generate_series(1, %d) n;%n";

    /** In a random order of users, over the last 60 days; hashes instead of random(): each shop is the same but for its age. */
    private static final String ORDERS = """
            INSERT INTO orders (user_id, total, created_at)
            SELECT 1 + abs(hashint8(n) %% %d), abs(hashint8(-n) %% 30000) / 100.0,
                   now() - interval '1 second' - interval '60 days' * (abs(hashint8(n * 7) %% 1000000) / 1000000.0)
            FROM generate_series(1, %d) n;
            """;

    /** @throws MeasurementException if the server would lose a commit in a crash: figures of such a one do not count */
    void requireDurable() throws SQLException {
        try (Connection connection = postgres.database("postgres").connect();
                Statement statement = connection.createStatement();
                ResultSet off = statement.executeQuery("SELECT string_agg(name, ', ') FROM pg_settings"
                        + " WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') AND setting <> 'on'")) {
            off.next();
            if (off.getString(1) != null) {
                throw new MeasurementException("the source runs without " + off.getString(1));
            }
        }
    }

    /** Users and orders; the last users have no orders. */
    void makeShop(String name) throws SQLException {
        make(
                name,
                TABLES
                        + USERS.formatted(options.users())
                        + ORDERS.formatted(options.users() - options.silentUsers(), options.orders()));
    }

    /** Two users, one of whom has as many orders as the whole shop, the first of it, and the other few. */
    void makeHeavyShop(String name) throws SQLException {
        String last60Days = "now() - interval '1 second' - interval '60 days' * random()";
        make(
                name,
                TABLES
                        + """
                CREATE INDEX ON orders (user_id, created_at);
                INSERT INTO users (id, email) VALUES (%1$d, 'heavy@example.com'), (%2$d, 'light@example.com');
                INSERT INTO orders (user_id, total, created_at) SELECT %1$d, n, %3$s FROM generate_series(1, %4$d) n;
                INSERT INTO orders (user_id, total, created_at) SELECT %2$d, n, %3$s FROM generate_series(1, %5$d) n;
                """.formatted(
                                        HeavyUser.HEAVY,
                                        HeavyUser.LIGHT,
                                        last60Days,
                                        options.orders(),
                                        HeavyUser.ORDERS_OF_LIGHT));
    }

    private void make(String name, String sql) throws SQLException {
        Database database = postgres.createDatabase(name);
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            statement.execute("VACUUM ANALYZE");
        }
    }

    /** A copy of a shop, on the disk before this returns. */
    Database copy(String shop, String name) throws SQLException {
        execute("CREATE DATABASE " + name + " TEMPLATE " + shop + " STRATEGY file_copy", "CHECKPOINT");
        return postgres.database(name);
    }

    void drop(String name) throws SQLException {
        execute("DROP DATABASE " + name + " WITH (FORCE)");
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = postgres.database("postgres").connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
