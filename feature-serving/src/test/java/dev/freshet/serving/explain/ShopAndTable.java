package dev.freshet.serving.explain;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.generation.ReaderViews;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.Names;
import dev.freshet.sink.sql.FeatureColumns;
import dev.freshet.sink.sql.GenerationTarget;
import dev.freshet.sink.sql.TargetSchema;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** A shop in one database, and in another one the sink's own tables with a live generation, written by hand. */
final class ShopAndTable implements AutoCloseable {
    private static final Duration NO_PATIENCE = Duration.ofMillis(1);

    private final FreshetConfig config;
    private final Database shop;
    private final Connection source;
    private final Connection target;

    ShopAndTable() throws SQLException {
        this(Map.of());
    }

    /** @param settings beside those of the servers */
    ShopAndTable(Map<String, String> settings) throws SQLException {
        shop = SharedServers.get().newDatabase();
        Database table = SharedServers.get().newDatabase();
        source = shop.connect();
        target = table.connect();
        config = config(shop, table, settings);
        source("CREATE TABLE users (id bigserial PRIMARY KEY, email text, created_at timestamptz DEFAULT now())");
        source("CREATE TABLE orders (id bigserial PRIMARY KEY, user_id bigint NOT NULL, total numeric,"
                + " created_at timestamptz DEFAULT now())");
        source("CREATE INDEX ON orders (user_id)");
        createTable();
    }

    private static FreshetConfig config(Database shop, Database table, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("name", "test");
        all.put("source.url", shop.jdbcUrl());
        all.put("source.user", shop.user());
        all.put("source.password", shop.password());
        all.put("target.url", table.jdbcUrl());
        all.put("target.user", table.user());
        all.put("target.password", table.password());
        all.put("kafka.bootstrap.servers", "localhost:1");
        all.put("schema.registry.url", "http://localhost:1");
        return FreshetConfig.of(all);
    }

    private void createTable() throws SQLException {
        Generations generations = new Generations(target);
        generations.createTable();
        generations.allocate(0, 1, "source");
        ReaderViews views = new ReaderViews(config.names(), config.catalogue());
        TargetSchema schema = new TargetSchema(
                new FeatureColumns(config.catalogue(), config.source().users().idType()), views);
        schema.ensureShared(target);
        schema.ensureGeneration(target, new GenerationTarget(1, config.names().table(1), 1));
        target("CREATE TABLE history_of_all_days PARTITION OF " + Names.HISTORY + " DEFAULT");
        completeThrough("0/1", "2025-03-31 12:00:00+00");
        target.setAutoCommit(false);
        Generation live = generations.activate(1);
        for (String view : views.over(live)) {
            target(view);
        }
        target.commit();
        target.setAutoCommit(true);
    }

    FreshetConfig config() {
        return config;
    }

    Connection sourceConnection() {
        return source;
    }

    /** Another connection to the source. */
    Connection openSource() throws SQLException {
        return shop.connect();
    }

    void source(String sql) throws SQLException {
        run(source, sql);
    }

    void target(String sql) throws SQLException {
        run(target, sql);
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** @param total and createdAt in quotes, or NULL */
    void order(long id, long user, String total, String createdAt) throws SQLException {
        source("INSERT INTO orders (id, user_id, total, created_at) VALUES (%d, %d, %s, %s)"
                .formatted(id, user, total, createdAt));
    }

    void completeThrough(String lsn, String sourceTime) throws SQLException {
        target("""
                INSERT INTO freshet_watermark VALUES (1, 0, 1, '%s', '%s')
                ON CONFLICT (generation, part) DO UPDATE SET lsn = excluded.lsn, source_time = excluded.source_time""".formatted(lsn, sourceTime));
    }

    /** As if the sink had written all that the source has and, for a while, will have. */
    void completeThroughAll() throws SQLException {
        completeThroughEnd(1_000_000_000);
    }

    /** As if the sink had written all that the source has. */
    void completeThroughNow() throws SQLException {
        completeThroughEnd(0);
    }

    private void completeThroughEnd(long bytesAhead) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT pg_current_wal_insert_lsn() + " + bytesAhead + ", now()")) {
            row.next();
            completeThrough(row.getString(1), row.getString(2));
        }
    }

    /** What the table then holds of a user, in the columns' order from the first feature on. */
    void row(long user, String values) throws SQLException {
        target("DELETE FROM user_features WHERE user_id = " + user);
        target("INSERT INTO user_features_g1 VALUES (" + user + ", " + values + ")");
    }

    Optional<Explanation> explain(long user, @Nullable String at) throws Exception {
        return explain(user, at, 100, NO_PATIENCE, Time.system());
    }

    Optional<Explanation> explain(long user, @Nullable String at, int limit, Duration patience, Time time)
            throws Exception {
        return new Explanations(config, limit, patience, time).of(Id.of(user), at == null ? null : Instant.parse(at));
    }

    @Override
    public void close() throws SQLException {
        source.close();
        target.close();
    }
}
