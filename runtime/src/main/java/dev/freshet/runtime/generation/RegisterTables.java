package dev.freshet.runtime.generation;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import dev.freshet.runtime.jdbc.Transaction;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Names;

/** The tables of the register: the generations, and since when readers saw which. What {@link Generations} does with them is there. */
final class RegisterTables {
    private static final String SELECT_SCHEMA = """
            SELECT current_schema() IS NULL AS missing, current_setting('search_path') AS schema,
                   current_database() AS database, quote_ident(current_user) AS role,
                   to_regclass('%s') IS NOT NULL OR has_schema_privilege(current_schema(), 'CREATE') AS usable
            """.formatted(Names.GENERATIONS);

    private static final String CREATE_GENERATIONS = """
            CREATE TABLE IF NOT EXISTS %s (
                generation int PRIMARY KEY,
                state text NOT NULL CHECK (state IN ('building', 'live', 'standby', 'abandoned', 'dropped')),
                epoch int NOT NULL DEFAULT 0,
                partitions int NOT NULL CHECK (partitions > 0),
                source_system_identifier text NOT NULL,
                log int,
                lives_by_itself boolean NOT NULL DEFAULT true,
                note text NOT NULL DEFAULT '',
                definition text,
                source_tables text,
                created_at timestamptz NOT NULL DEFAULT now(),
                live_at timestamptz
            )""".formatted(Names.GENERATIONS);

    private static final String CREATE_EPOCHS = """
            CREATE TABLE IF NOT EXISTS %s (
                epoch int PRIMARY KEY,
                generation int NOT NULL,
                live_from timestamptz NOT NULL
            )""".formatted(Names.EPOCHS);

    /** All that a register without epochs knows: each generation's newest one. */
    private static final String FILL_EPOCHS = """
            INSERT INTO %s
            SELECT epoch, generation, coalesce(live_at, created_at) FROM %s WHERE epoch > 0""".formatted(Names.EPOCHS, Names.GENERATIONS);

    private static final String HAS_LOG = """
            SELECT EXISTS (SELECT FROM pg_attribute
                WHERE attrelid = to_regclass('%s') AND attname = 'log' AND NOT attisdropped)
            """.formatted(Names.GENERATIONS);

    private static final String HAS_EPOCHS = "SELECT to_regclass('" + Names.EPOCHS + "') IS NOT NULL";

    private static final String HAS_ALL = HAS_EPOCHS + " AND to_regclass('" + Names.GENERATIONS + "') IS NOT NULL";

    private RegisterTables() {}

    /** {@link Generations#createTable()} */
    static void create(Connection connection) throws SQLException {
        requireSchema(connection);
        try (Statement statement = connection.createStatement()) {
            if (holds(statement, HAS_ALL)) {
                return;
            }
        }
        Transaction.ofDdl(connection, statement -> {
            statement.execute(CREATE_GENERATIONS);
            if (!holds(statement, HAS_LOG)) {
                addLog(statement);
            }
            if (!holds(statement, HAS_EPOCHS)) {
                statement.execute(CREATE_EPOCHS);
                statement.execute(FILL_EPOCHS);
            }
            return true;
        });
    }

    /** Each generation read a log of its own, and one that was replaced was not fed any more. */
    private static void addLog(Statement statement) throws SQLException {
        statement.execute("ALTER TABLE " + Names.GENERATIONS
                + " ADD COLUMN log int, ADD COLUMN lives_by_itself boolean NOT NULL DEFAULT true");
        statement.execute("UPDATE " + Names.GENERATIONS + " SET state = 'abandoned' WHERE state = 'standby'");
    }

    private static boolean holds(Statement statement, String question) throws SQLException {
        try (ResultSet row = statement.executeQuery(question)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** {@link Generations#requireSchema()} */
    static void requireSchema(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SELECT_SCHEMA)) {
            row.next();
            String schema = "schema " + row.getString("schema") + " (target.schema)";
            if (row.getBoolean("missing")) {
                throw new Stop.Operator(
                        schema + " does not exist in database " + row.getString("database"),
                        "CREATE SCHEMA " + row.getString("schema") + ";");
            }
            if (!row.getBoolean("usable")) {
                throw new Stop.Operator(
                        "role " + row.getString("role") + " may create no tables in " + schema + " of database "
                                + row.getString("database"),
                        "GRANT USAGE, CREATE ON SCHEMA " + row.getString("schema") + " TO " + row.getString("role")
                                + ";");
            }
        }
    }
}
