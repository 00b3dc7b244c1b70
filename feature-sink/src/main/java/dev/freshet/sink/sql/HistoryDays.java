package dev.freshet.sink.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.jdbc.Transaction;
import dev.freshet.schemas.Names;

/**
 * The day partitions of the history, by the target's clock and in UTC: made ahead, dropped when all they hold is older than
 * the retention. Making one locks out neither readers nor writers; dropping one gives way to both.
 */
public final class HistoryDays {
    private static final Logger log = LoggerFactory.getLogger(HistoryDays.class);

    /** Days made beyond today. */
    private static final int AHEAD = 2;

    private static final String PREFIX = Names.HISTORY + "_d";
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final String EXISTING = """
            SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = to_regclass('%s') AND c.relname ~ '^%s\\d{8}$'
            ORDER BY c.relname""".formatted(Names.HISTORY, PREFIX);

    private final String clock;
    private final Duration retention;

    /**
     * @param clock the SQL expression of the target's time that {@code held_from} is written with
     * @param retention how long a version stays after it was written
     */
    public HistoryDays(String clock, Duration retention) {
        this.clock = clock;
        this.retention = retention;
    }

    /** Makes the partitions of yesterday, today and the next days; a transaction of its own on an auto-commit connection. */
    public void makeAhead(Connection connection) throws SQLException {
        LocalDate today = now(connection).toLocalDate();
        List<LocalDate> there = existing(connection);
        List<LocalDate> wanted =
                today.minusDays(1).datesUntil(today.plusDays(AHEAD + 1)).toList();
        if (there.containsAll(wanted)) {
            return;
        }
        Transaction.ofDdl(connection, statement -> {
            List<LocalDate> known = existing(connection);
            for (LocalDate day : wanted) {
                if (!known.contains(day)) {
                    make(statement, day);
                }
            }
            return true;
        });
    }

    /** PARTITION OF would lock the whole history exclusively; attaching a table does not. */
    private static void make(Statement statement, LocalDate day) throws SQLException {
        String table = PREFIX + DAY.format(day);
        statement.execute("CREATE TABLE " + table + " (LIKE " + Names.HISTORY + " INCLUDING ALL)");
        statement.execute("ALTER TABLE " + Names.HISTORY + " ATTACH PARTITION " + table + " FOR VALUES FROM ('" + day
                + " 00:00:00+00') TO ('" + day.plusDays(1) + " 00:00:00+00')");
        log.info("made a day of the history table={}", table);
    }

    /** Drops the days that ended before the retention began, each in a transaction that waits 100 ms for its locks. */
    public void dropOld(Connection connection) throws SQLException {
        LocalDate oldest = now(connection).minus(retention).toLocalDate();
        for (LocalDate day : existing(connection)) {
            if (day.isBefore(oldest)) {
                String table = PREFIX + DAY.format(day);
                Transaction.ofDdl(connection, statement -> {
                    statement.execute("SET LOCAL lock_timeout = '100ms'");
                    return statement.execute("DROP TABLE IF EXISTS " + table);
                });
                log.info("dropped a day of the history table={} retention={}", table, retention);
            }
        }
    }

    List<LocalDate> existing(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(EXISTING)) {
            List<LocalDate> days = new ArrayList<>();
            while (rows.next()) {
                days.add(LocalDate.parse(rows.getString(1).substring(PREFIX.length()), DAY));
            }
            return days;
        }
    }

    private OffsetDateTime now(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + clock);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).withOffsetSameInstant(ZoneOffset.UTC);
        }
    }
}
