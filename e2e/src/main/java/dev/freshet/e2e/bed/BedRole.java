package dev.freshet.e2e.bed;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import dev.freshet.testkit.servers.Database;

/** The role that the processes log in as: the tables are its own, and it is no superuser. Nobody else uses it. */
public final class BedRole {
    public static final String NAME = "freshet";
    private static final String PASSWORD = "bed";
    private static final String TERMINATE =
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = '" + NAME + "'";

    private final BedTables tables;

    BedRole(BedTables tables) {
        this.tables = tables;
    }

    /** The database as the processes know it. */
    static Database create(Database database, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    CREATE ROLE %1$s LOGIN REPLICATION PASSWORD '%2$s';
                    ALTER TABLE users OWNER TO %1$s;
                    ALTER TABLE orders OWNER TO %1$s;
                    GRANT CREATE ON DATABASE %3$s TO %1$s;
                    GRANT CREATE ON SCHEMA public TO %1$s;
                    DO $$ BEGIN
                        IF to_regprocedure('pg_log_standby_snapshot()') IS NOT NULL THEN -- PostgreSQL 16 and later
                            GRANT EXECUTE ON FUNCTION pg_log_standby_snapshot() TO %1$s;
                        END IF;
                    END $$""".formatted(NAME, PASSWORD, database.name()));
        }
        return loggedInTo(database);
    }

    /** A database as the processes log in to it. */
    public static Database loggedInTo(Database database) {
        return new Database(database.name(), database.jdbcUrl(), NAME, PASSWORD);
    }

    /** Ends all sessions of the processes; they may log in again. */
    public void endSessions() throws SQLException {
        tables.number(TERMINATE);
    }

    /** Whether new sessions are let in; those that there are stay. */
    public void letIn(boolean isLetIn) throws SQLException {
        tables.execute("ALTER ROLE " + NAME + " CONNECTION LIMIT " + (isLetIn ? -1 : 0));
    }

    /** Has another password than the processes know, or the one that they know. */
    public void setPassword(boolean isKnown) throws SQLException {
        tables.execute("ALTER ROLE " + NAME + " PASSWORD '" + PASSWORD + (isKnown ? "'" : " of another day'"));
    }
}
