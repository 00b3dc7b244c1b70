package dev.freshet.ingest.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import dev.freshet.ingest.capture.Mapping;
import dev.freshet.runtime.check.Finding;

/**
 * What the source's server and database say of themselves, and of our role.
 *
 * @param version as server_version_num
 * @param standby it is not the primary
 * @param replicates the role may replicate
 * @param creates the role may create in the database
 * @param letsGo the role may do what makes the slot let go of WAL early, where the server can
 * @param keepsWal max_slot_wal_keep_size, -1 for without end
 * @param freeSlots replication slots that nobody has
 * @param freeSenders connections for replication that nobody has
 */
record ServerFacts(
        int version,
        String walLevel,
        boolean standby,
        String encoding,
        String role,
        boolean replicates,
        boolean creates,
        boolean letsGo,
        long keepsWal,
        int freeSlots,
        int freeSenders) {

    /** From this on pgoutput passes messages on, which our heartbeat is. */
    private static final int OLDEST_SERVER = 140_000;

    private static final String SELECT = """
            SELECT current_setting('server_version_num')::int AS version, current_setting('wal_level') AS wal_level,
                   pg_is_in_recovery() AS standby, current_setting('server_encoding') AS encoding, current_user AS role,
                   (SELECT rolsuper OR rolreplication FROM pg_roles WHERE rolname = current_user)
                   OR EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'rds_replication'
                              AND pg_has_role(current_user, oid, 'MEMBER')) AS replicates,
                   has_database_privilege(current_database(), 'CREATE') AS creates,
                   coalesce(has_function_privilege(to_regprocedure('pg_log_standby_snapshot()'), 'EXECUTE'), true) AS lets_go,
                   coalesce((SELECT setting::bigint FROM pg_settings WHERE name = 'max_slot_wal_keep_size'), -1) AS keeps_wal,
                   current_setting('max_replication_slots')::int
                     - (SELECT count(*) FROM pg_replication_slots)::int AS free_slots,
                   current_setting('max_wal_senders')::int
                     - (SELECT count(*) FROM pg_stat_replication)::int AS free_senders""";

    static ServerFacts select(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            ResultSet row = statement.executeQuery(SELECT);
            row.next();
            return new ServerFacts(
                    row.getInt("version"),
                    row.getString("wal_level"),
                    row.getBoolean("standby"),
                    row.getString("encoding"),
                    row.getString("role"),
                    row.getBoolean("replicates"),
                    row.getBoolean("creates"),
                    row.getBoolean("lets_go"),
                    row.getLong("keeps_wal"),
                    row.getInt("free_slots"),
                    row.getInt("free_senders"));
        }
    }

    /** What nothing can be captured with. */
    List<Finding> errors() {
        List<Finding> findings = new ArrayList<>();
        if (version < OLDEST_SERVER) {
            findings.add(new Finding("The server is PostgreSQL " + version / 10_000, "Upgrade it to 14 or later."));
        }
        if (standby) {
            findings.add(new Finding("The server is a standby", "Connect to the primary."));
        }
        if (!"logical".equals(walLevel)) {
            findings.add(new Finding(
                    "wal_level is " + walLevel, "ALTER SYSTEM SET wal_level = logical; -- and restart the server"));
        }
        if (!"UTF8".equals(encoding)) {
            findings.add(
                    new Finding(
                            "The database's encoding is " + encoding + ": a text may mean another in it",
                            "CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0; -- and restore a dump of this one into it"));
        }
        if (!replicates) {
            findings.add(new Finding(
                    "Role " + role + " may not replicate", "ALTER ROLE " + Mapping.quote(role) + " REPLICATION;"));
        }
        return findings;
    }

    /** What a slot that is not there yet cannot be made or read with. */
    List<Finding> errorsOfNewSlot() {
        List<Finding> findings = new ArrayList<>();
        if (freeSlots < 1) {
            findings.add(new Finding(
                    "All replication slots of the server are taken",
                    "ALTER SYSTEM SET max_replication_slots = ...; -- one more, and restart the server;"
                            + " or drop one that nobody needs: SELECT slot_name, active FROM pg_replication_slots;"));
        }
        if (freeSenders < 1) {
            findings.add(new Finding(
                    "All replication connections of the server are taken",
                    "ALTER SYSTEM SET max_wal_senders = ...; -- one more, and restart the server"));
        }
        return findings;
    }

    List<Finding> warnings() {
        List<Finding> findings = new ArrayList<>();
        if (keepsWal < 0) {
            findings.add(Finding.warning(
                    "max_slot_wal_keep_size is -1: while ingest is down the WAL grows until the source's disk is full",
                    "ALTER SYSTEM SET max_slot_wal_keep_size = '50GB'; SELECT pg_reload_conf(); -- as much as the disk"
                            + " can spare: beyond it the slot is lost, and the source has to be read anew"));
        }
        if (!letsGo) {
            findings.add(Finding.warning(
                    "Role " + role
                            + " may not run pg_log_standby_snapshot(): the slot keeps all that is written in 15 s,"
                            + " by whomever",
                    "GRANT EXECUTE ON FUNCTION pg_log_standby_snapshot() TO " + Mapping.quote(role) + ";"));
        }
        return findings;
    }
}
