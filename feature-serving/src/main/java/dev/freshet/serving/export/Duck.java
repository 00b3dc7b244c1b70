package dev.freshet.serving.export;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/**
 * DuckDB with a database in the export's own directory: it reaches no other file and no network, loads no extension, and takes no
 * more memory than it is given; what does not fit goes to that directory.
 */
final class Duck implements AutoCloseable {
    private static final long MEBIBYTE = 1 << 20;
    private static final long LEAST_MEMORY = 512 * MEBIBYTE;
    private static final long MOST_MEMORY = 8_192 * MEBIBYTE;

    private final DuckDBConnection connection;
    private final Interruption interruption;

    private Duck(DuckDBConnection connection, Interruption interruption) {
        this.connection = connection;
        this.interruption = interruption;
    }

    static Duck open(Path directory, Interruption interruption) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
        String url = "jdbc:duckdb:" + directory.resolve("export.duckdb");
        Duck duck = new Duck(DriverManager.getConnection(url, properties).unwrap(DuckDBConnection.class), interruption);
        DuckLibrary.deleteCopy();
        try {
            duck.confine(directory);
            return duck;
        } catch (SQLException | RuntimeException e) {
            duck.close();
            throw e;
        }
    }

    private void confine(Path directory) throws SQLException {
        run("SET threads = " + Runtime.getRuntime().availableProcessors());
        run("SET memory_limit = '" + memory() / MEBIBYTE + "MiB'");
        run("SET temp_directory = "
                + SqlText.literal(directory.resolve("spilled").toString()));
        run("SET preserve_insertion_order = true");
        // The database is thrown away: nothing has to outlive a crash.
        run("SET checkpoint_threshold = '1TB'");
        run("PRAGMA disable_checkpoint_on_shutdown");
        run("SET TimeZone = 'UTC'");
        run("SET autoinstall_known_extensions = false");
        run("SET autoload_known_extensions = false");
        run("SET allow_community_extensions = false");
        run("SET allowed_directories = [" + SqlText.literal(directory + "/") + "]");
        run("SET enable_external_access = false");
    }

    /** A quarter of the machine's, or of the container's, within bounds. */
    private static long memory() {
        long quarter =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() / 4;
        return Math.max(LEAST_MEMORY, Math.min(MOST_MEMORY, quarter));
    }

    /** Another session of the same database: of each, one result can be read at a time. */
    Duck session() throws SQLException {
        return new Duck(connection.duplicate().unwrap(DuckDBConnection.class), interruption);
    }

    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                Interruption.Watched watched = interruption.during(statement::cancel)) {
            statement.execute(sql);
        }
    }

    /** Makes a value of a row. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    <T> List<T> list(String sql, RowReader<T> reader) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                Interruption.Watched watched = interruption.during(statement::cancel);
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.add(reader.read(result));
            }
        }
        return rows;
    }

    long number(String sql) throws SQLException {
        return list(sql, row -> row.getLong(1)).get(0);
    }

    /** A result of any size; the statement belongs to the caller, and closes it. */
    Statement statement() throws SQLException {
        return connection.createStatement();
    }

    /** What is done with an appender. */
    interface Appending<T> {
        T run(DuckDBAppender appender) throws SQLException;
    }

    /** Adds rows in one transaction; of its own, each two thousand of them would be one, and as slow. */
    <T> T append(String table, Appending<T> work) throws SQLException {
        run("BEGIN TRANSACTION");
        T result;
        try (DuckDBAppender appender = connection.createAppender(table)) {
            result = work.run(appender);
        }
        run("COMMIT");
        return result;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
