package dev.freshet.cli.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

import dev.freshet.schemas.Names;

/** Asks the target how its table stands. */
final class TableReader {
    private static final String EXISTS = "SELECT to_regclass('" + Names.COMPLETE_THROUGH + "') IS NOT NULL";

    /** PostgreSQL's own statistics of the table, up to a second old. */
    private static final String STATE = """
            SELECT c.generation, c.source_time,
                (extract(epoch FROM clock_timestamp() - c.source_time) * 1000000)::bigint,
                coalesce((SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables
                    WHERE relid = to_regclass('%s_g' || c.generation)), 0)
            FROM %s AS c WHERE c.lsn IS NOT NULL""".formatted(Names.VIEW, Names.COMPLETE_THROUGH);

    private TableReader() {}

    /** Empty as long as readers see no generation. */
    static Optional<TableState> read(Connection connection) throws SQLException {
        try (PreparedStatement exists = connection.prepareStatement(EXISTS);
                ResultSet row = exists.executeQuery()) {
            row.next();
            if (!row.getBoolean(1)) {
                return Optional.empty();
            }
        }
        try (PreparedStatement state = connection.prepareStatement(STATE);
                ResultSet row = state.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            Instant completeThrough = row.getObject(2, OffsetDateTime.class).toInstant();
            Duration age = Duration.of(row.getLong(3), ChronoUnit.MICROS);
            return Optional.of(new TableState(row.getInt(1), completeThrough, age, row.getLong(4)));
        }
    }
}
