package dev.freshet.serving.http;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.generation.Activation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.generation.ReaderViews;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.sink.sql.FeatureColumns;
import dev.freshet.sink.sql.GenerationTarget;
import dev.freshet.sink.sql.TargetSchema;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** A new database, as the sink makes it, that is the target and, for its clock, the source. */
final class ServedTarget implements AutoCloseable {
    private static final Names NAMES = new Names("test");

    private final Database database;
    private final IdType idType;
    private final Connection connection;

    ServedTarget(IdType idType) throws SQLException {
        this(idType, SharedServers.get().newDatabase());
    }

    private ServedTarget(IdType idType, Database database) throws SQLException {
        this.idType = idType;
        this.database = database;
        connection = database.connect();
    }

    /** With generation 1 live, and complete through now. */
    static ServedTarget live() throws SQLException {
        return live(IdType.BIGINT);
    }

    static ServedTarget live(IdType idType) throws SQLException {
        return new ServedTarget(idType).withOneLive();
    }

    static ServedTarget liveIn(Database empty) throws SQLException {
        return new ServedTarget(IdType.BIGINT, empty).withOneLive();
    }

    private ServedTarget withOneLive() throws SQLException {
        createTables(1);
        completeThrough(1, "0/10", "now()");
        activate(1);
        return this;
    }

    void createTables(int generation) throws SQLException {
        Generations generations = new Generations(connection);
        generations.createTable();
        generations.allocate(generation - 1, 1, "source");
        TargetSchema schema = new TargetSchema(
                new FeatureColumns(Catalogue.standard(), idType), new ReaderViews(NAMES, Catalogue.standard()));
        schema.ensureShared(connection);
        schema.ensureGeneration(connection, new GenerationTarget(generation, NAMES.table(generation), 1));
    }

    /** Whether readers could be turned to it at once. */
    boolean tryActivate(int generation) throws SQLException {
        return new Activation(NAMES, Catalogue.standard())
                .activate(connection, generation, GenerationState.BUILDING)
                .isPresent();
    }

    void activate(int generation) throws SQLException {
        if (!tryActivate(generation)) {
            throw new IllegalStateException("generation " + generation + " cannot be live now");
        }
    }

    /** @param sourceTime in SQL */
    void completeThrough(int generation, String lsn, String sourceTime) throws SQLException {
        run(
                "INSERT INTO freshet_watermark VALUES (%d, 0, 1, '%s', %s)".formatted(generation, lsn, sourceTime)
                        + " ON CONFLICT (generation, part) DO UPDATE SET lsn = excluded.lsn, source_time = excluded.source_time");
    }

    /** @param features the four of the standard catalogue, in SQL, with commas */
    void row(Object user, String features, Instant exactUntil, boolean incomplete) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO user_features_g1 VALUES (?::%s, %s, '2026-11-21 12:00:00.000005Z', ?::timestamptz, ?, 7)"
                        .formatted(idType.sqlName(), features))) {
            insert.setString(1, user.toString());
            insert.setString(2, exactUntil == null ? null : exactUntil.toString());
            insert.setBoolean(3, incomplete);
            insert.executeUpdate();
        }
    }

    void row(Object user) throws SQLException {
        row(user, "1, 2, 12.5000, '2026-11-20'", null, false);
    }

    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first value of a query, as PostgreSQL prints it. */
    String text(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    Database database() {
        return database;
    }

    /** For a server of it on a free port. */
    FreshetConfig config(String... more) {
        return configAt(database.jdbcUrl(), database.jdbcUrl(), more);
    }

    FreshetConfig configAt(String sourceUrl, String targetUrl, String... more) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("source.url", sourceUrl);
        settings.put("target.url", targetUrl);
        for (String section : new String[] {"source", "target"}) {
            settings.put(section + ".user", database.user());
            settings.put(section + ".password", database.password());
        }
        settings.put("source.users.id.type", idType.sqlName());
        settings.put("kafka.bootstrap.servers", "localhost:1");
        settings.put("schema.registry.url", "http://localhost:1");
        settings.put("serving.port", "0");
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return FreshetConfig.of(settings);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
