package dev.freshet.sink.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.generation.ReaderViews;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** A new database with the target's tables and generation 1 of two partitions. */
final class Target implements AutoCloseable {
    static final FeatureColumns COLUMNS = new FeatureColumns(Catalogue.standard(), IdType.BIGINT);
    static final Names NAMES = new Names("test");
    static final ReaderViews VIEWS = new ReaderViews(NAMES, Catalogue.standard());
    static final GenerationTarget G1 = new GenerationTarget(1, "user_features_g1", 2);
    static final GenerationTarget G2 = new GenerationTarget(2, "user_features_g2", 2);

    private final Database database = SharedServers.get().newDatabase();
    private final Connection connection;

    Target() throws SQLException {
        this(COLUMNS);
    }

    Target(FeatureColumns columns) throws SQLException {
        connection = open();
        Generations generations = new Generations(connection);
        generations.createTable();
        generations.allocate(0, 2, "source");
        TargetSchema schema = new TargetSchema(columns, VIEWS);
        schema.ensureShared(connection);
        schema.ensureGeneration(connection, G1);
        new HistoryDays("now()", Duration.ofDays(90)).makeAhead(connection);
    }

    Connection open() throws SQLException {
        return database.connect();
    }

    String jdbcUrl() {
        return database.jdbcUrl();
    }

    Connection connection() {
        return connection;
    }

    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Each row as its columns' texts, joined by a bar; "-" for NULL. */
    List<String> query(String sql) throws SQLException {
        return query(connection, sql);
    }

    static List<String> query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return lines(rows);
        }
    }

    static List<String> lines(ResultSet rows) throws SQLException {
        List<String> lines = new ArrayList<>();
        while (rows.next()) {
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                String value = rows.getString(i);
                values.add(value == null ? "-" : value);
            }
            lines.add(String.join("|", values));
        }
        return lines;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
