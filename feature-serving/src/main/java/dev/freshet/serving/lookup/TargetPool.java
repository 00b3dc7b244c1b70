package dev.freshet.serving.lookup;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.PGProperty;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;

/** Connections to the target that only read. A server that is away is tried again each time that one is asked for. */
final class TargetPool implements AutoCloseable {
    private static final String NAME = "freshet-serve";
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Timeouts TIMEOUTS = new Timeouts(
            PATIENCE, Duration.ofSeconds(4), Duration.ofSeconds(3), Duration.ofSeconds(1), Duration.ofSeconds(10));

    private final HikariDataSource pool;

    TargetPool(FreshetConfig config) {
        Database target = new Database(config.target().login(), config.target().schema(), NAME, TIMEOUTS);
        Properties properties = target.properties();
        // A lookup changes nothing, whatever rights the role has.
        PGProperty.OPTIONS.set(
                properties, PGProperty.OPTIONS.getOrDefault(properties) + "-c default_transaction_read_only=on ");
        HikariConfig hikari = new HikariConfig();
        hikari.setPoolName(NAME);
        hikari.setJdbcUrl(config.target().login().url());
        hikari.setDataSourceProperties(properties);
        hikari.setConnectionInitSql(Database.SESSION);
        hikari.setMaximumPoolSize(config.serving().poolSize());
        hikari.setConnectionTimeout(PATIENCE.toMillis());
        hikari.setValidationTimeout(PATIENCE.toMillis() / 2);
        // It starts without the target, and tells that it is not ready.
        hikari.setInitializationFailTimeout(-1);
        pool = new HikariDataSource(hikari);
    }

    Connection connection() throws SQLException {
        return pool.getConnection();
    }

    /** Connections that somebody uses right now. */
    int inUse() {
        HikariPoolMXBean state = pool.getHikariPoolMXBean();
        return state == null ? 0 : state.getActiveConnections();
    }

    @Override
    public void close() {
        pool.close();
    }
}
