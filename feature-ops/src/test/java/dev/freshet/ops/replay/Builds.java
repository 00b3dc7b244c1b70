package dev.freshet.ops.replay;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.generation.ReaderViews;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** A target with a live generation 1 and a replay 2, of two partitions, written by hand. */
final class Builds implements AutoCloseable {
    static final String FUTURE = "now() + interval '1 hour'";

    private final FreshetConfig config;
    private final Connection connection;

    Builds() throws SQLException {
        Database database = SharedServers.get().newDatabase();
        config = FreshetConfig.of(Map.ofEntries(
                Map.entry("name", "test"),
                Map.entry("source.url", database.jdbcUrl()),
                Map.entry("source.user", database.user()),
                Map.entry("source.password", database.password()),
                Map.entry("target.url", database.jdbcUrl()),
                Map.entry("target.user", database.user()),
                Map.entry("target.password", database.password()),
                Map.entry("kafka.bootstrap.servers", SharedServers.get().kafka().bootstrapServers()),
                Map.entry("schema.registry.url", SharedServers.get().registry().url())));
        connection = source().open();
        run("""
                CREATE TABLE freshet_watermark (generation int, part int, version bigint, lsn pg_lsn,
                    source_time timestamptz, PRIMARY KEY (generation, part));
                CREATE TABLE freshet_sink_offset (generation int, part int, next bigint);
                CREATE TABLE freshet_sink_waiting (generation int, part int);
                CREATE TABLE freshet_sink_lost (generation int, part int)""");
        for (int number = 1; number <= 2; number++) {
            run("""
                    CREATE TABLE user_features_g%d (user_id bigint PRIMARY KEY, order_count_7d int, order_count_30d int,
                        avg_order_value numeric, last_order_date date, computed_at timestamptz NOT NULL DEFAULT now(),
                        exact_until timestamptz, incomplete boolean NOT NULL DEFAULT false, version bigint NOT NULL)""".formatted(number));
        }
        Generations generations = new Generations(connection);
        generations.createTable();
        generations.allocate(0, 2, "source");
        watermarks(1, "0/A", "now()");
        for (String view : new ReaderViews(config.names(), config.catalogue()).beforeActivation(1)) {
            run(view);
        }
        connection.setAutoCommit(false);
        Generation live = generations.activate(1);
        for (String view : new ReaderViews(config.names(), config.catalogue()).over(live)) {
            run(view);
        }
        connection.commit();
        connection.setAutoCommit(true);
        new Replay(config, connection).start();
    }

    FreshetConfig config() {
        return config;
    }

    Connection connection() {
        return connection;
    }

    /** The same database is the source. */
    dev.freshet.runtime.jdbc.Database source() {
        return new dev.freshet.runtime.jdbc.Database(
                config.source().login(), "public", "freshet-test", Timeouts.standard());
    }

    Replay replay() {
        return new Replay(config, connection);
    }

    /** Makes a generation complete up to there. */
    void watermarks(int generation, String lsn, String sourceTime) throws SQLException {
        run("""
                INSERT INTO freshet_watermark SELECT %d, part, 1, '%s', %s FROM generate_series(0, 1) part
                ON CONFLICT (generation, part) DO UPDATE SET lsn = excluded.lsn, source_time = excluded.source_time""".formatted(generation, lsn, sourceTime));
    }

    /** A row, in place of the one that the user had. */
    void row(int generation, long user, int orders, String average, long version) throws SQLException {
        run("""
                INSERT INTO user_features_g%1$d (user_id, order_count_7d, order_count_30d, avg_order_value, version)
                VALUES (%2$d, %3$d, %3$d, %4$s, %5$d)
                ON CONFLICT (user_id) DO UPDATE SET order_count_7d = excluded.order_count_7d,
                    order_count_30d = excluded.order_count_30d, avg_order_value = excluded.avg_order_value,
                    version = excluded.version""".formatted(generation, user, orders, average, version));
    }

    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
