package dev.freshet.sink.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import dev.freshet.runtime.check.Finding;

/**
 * What the target's server and database say of themselves, and of our role.
 *
 * @param version as server_version_num
 * @param standby it is not the primary
 * @param readOnly transactions are, unless they say otherwise
 * @param schema there is the one that is configured, and the role may use it
 * @param creates the role may create tables in the schema
 */
public record TargetServer(
        int version,
        boolean standby,
        boolean readOnly,
        String encoding,
        boolean schema,
        boolean creates,
        String role,
        String database) {
    private static final int OLDEST_SERVER = 140_000;

    private static final String SELECT = """
            SELECT current_setting('server_version_num')::int AS version, pg_is_in_recovery() AS standby,
              current_setting('default_transaction_read_only')::boolean AS read_only,
              current_setting('server_encoding') AS encoding, current_schema() IS NOT NULL AS has_schema,
              coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS creates,
              quote_ident(current_user) AS role, quote_ident(current_database()) AS database""";

    public static TargetServer select(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SELECT)) {
            row.next();
            return new TargetServer(
                    row.getInt("version"),
                    row.getBoolean("standby"),
                    row.getBoolean("read_only"),
                    row.getString("encoding"),
                    row.getBoolean("has_schema"),
                    row.getBoolean("creates"),
                    row.getString("role"),
                    row.getString("database"));
        }
    }

    /** @param name of the schema */
    public List<Finding> findings(String name) {
        List<Finding> findings = new ArrayList<>();
        if (version < OLDEST_SERVER) {
            findings.add(new Finding("The target is PostgreSQL " + version / 10_000, "Upgrade it to 14 or later."));
        }
        if (standby) {
            findings.add(
                    new Finding("The target is a standby, which nobody can write", "Set target.url to the primary."));
        }
        if (readOnly && !standby) {
            findings.add(new Finding(
                    "Transactions of " + role + " in database " + database + " are read-only",
                    "ALTER ROLE " + role + " IN DATABASE " + database + " SET default_transaction_read_only = off;"));
        }
        if (!"UTF8".equals(encoding)) {
            findings.add(Finding.warning(
                    "The target's encoding is " + encoding + ": a user's text id may not fit in it",
                    "CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0;"));
        }
        if (!schema) {
            findings.add(new Finding(
                    "Schema " + name + " (target.schema) does not exist in database " + database + ", or " + role
                            + " may not use it",
                    "CREATE SCHEMA \"" + name + "\"; -- or GRANT USAGE, CREATE ON SCHEMA \"" + name + "\" TO " + role
                            + ";"));
        } else if (!creates) {
            findings.add(new Finding(
                    role + " may not create tables in schema " + name,
                    "GRANT CREATE ON SCHEMA \"" + name + "\" TO " + role + ";"));
        }
        return findings;
    }
}
