package dev.freshet.ops.drift;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.freshet.ops.drift.DriftReport.Sample;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.source.SourceTables;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.catalogue.FeatureDefinition;

/**
 * Compares user_features with the truth by a full outer join, where both are in one database and the source is at rest: it
 * waits until everything that was committed before it began is in the table. What is committed while it runs may show as
 * drift.
 */
public final class DriftCheck {
    private static final int SAMPLES = 10;
    private static final Duration POLL = Duration.ofMillis(50);

    private static final String HAS_CAUGHT_UP = "SELECT count(c.lsn) > 0, coalesce(bool_and(c.lsn >= ?::pg_lsn), false)"
            + " FROM pg_sleep(?) LEFT JOIN " + Names.COMPLETE_THROUGH + " AS c ON true";

    private final SourceTables source;
    private final Catalogue catalogue;
    private final ComparisonSql sql;

    public DriftCheck(SourceTables source, Catalogue catalogue) {
        this.source = source;
        this.catalogue = catalogue;
        sql = new ComparisonSql(source, catalogue);
    }

    public static DriftCheck of(FreshetConfig config) {
        return new DriftCheck(SourceTables.of(config.source()), config.catalogue());
    }

    /**
     * @param database the database of both, source and target, in auto-commit mode
     * @param patience how long to wait for the table to catch up
     * @throws DriftCheckException if the comparison cannot be made: the reason says why
     */
    public DriftReport run(Connection database, Duration patience) throws SQLException {
        requireBothHere(database);
        awaitCaughtUp(database, patience);
        boolean byFunction = canUseFunction(database);
        int before = database.getTransactionIsolation();
        database.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ); // samples of what was counted
        database.setAutoCommit(false);
        try {
            return compare(database, byFunction);
        } finally {
            database.rollback();
            database.setAutoCommit(true);
            database.setTransactionIsolation(before);
        }
    }

    private DriftReport compare(Connection database, boolean byFunction) throws SQLException {
        List<Sample> samples = new ArrayList<>();
        try (Statement statement = database.createStatement()) {
            DriftReport counts;
            try (ResultSet row = statement.executeQuery(sql.counts(byFunction))) {
                row.next();
                counts = counts(row);
            }
            if (!counts.isClean()) {
                try (ResultSet rows = statement.executeQuery(sql.samples(byFunction, SAMPLES))) {
                    while (rows.next()) {
                        addSamples(rows, samples);
                    }
                }
            }
            return new DriftReport(
                    counts.compared(),
                    counts.missing(),
                    counts.extra(),
                    counts.wrong(),
                    counts.incomplete(),
                    counts.overdue(),
                    samples.subList(0, Math.min(SAMPLES, samples.size())));
        }
    }

    private void requireBothHere(Connection database) throws SQLException {
        String users = source.users().table().sql();
        try (PreparedStatement query = database.prepareStatement(
                "SELECT to_regclass(?) IS NOT NULL, to_regclass(?) IS NOT NULL, current_database()")) {
            query.setString(1, users);
            query.setString(2, Names.VIEW);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                if (!row.getBoolean(1) || !row.getBoolean(2)) {
                    throw new DriftCheckException("database " + row.getString(3) + " has no "
                            + (row.getBoolean(1) ? Names.VIEW : users)
                            + ": source and target have to be in one database to be compared");
                }
            }
        }
    }

    private static void awaitCaughtUp(Connection database, Duration patience) throws SQLException {
        String lsn;
        try (Statement statement = database.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_wal_lsn()::text")) {
            row.next();
            lsn = row.getString(1);
        }
        boolean live = false;
        for (long waited = 0; waited <= patience.toMillis(); waited += POLL.toMillis()) {
            try (PreparedStatement query = database.prepareStatement(HAS_CAUGHT_UP)) {
                query.setString(1, lsn);
                query.setDouble(2, POLL.toMillis() / 1_000.0);
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    live = row.getBoolean(1);
                    if (row.getBoolean(2)) {
                        return;
                    }
                }
            }
        }
        throw new DriftCheckException(
                live
                        ? "the table did not reach lsn " + lsn + " of the source within " + patience
                        : "no generation was complete within " + patience);
    }

    private boolean canUseFunction(Connection database) throws SQLException {
        try (PreparedStatement query = database.prepareStatement(sql.canUseFunction())) {
            query.setString(1, source.orders().table().sql());
            query.setString(2, source.orders().user());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private DriftReport counts(ResultSet row) throws SQLException {
        Map<String, Long> wrong = new LinkedHashMap<>();
        int column = 6;
        for (FeatureDefinition feature : catalogue.features()) {
            wrong.put(feature.name(), row.getLong(column++));
        }
        return new DriftReport(
                row.getLong(1), row.getLong(2), row.getLong(3), wrong, row.getLong(4), row.getLong(5), List.of());
    }

    private void addSamples(ResultSet row, List<Sample> samples) throws SQLException {
        String user = row.getString(1);
        boolean inTable = row.getBoolean(2);
        boolean inTruth = row.getBoolean(3);
        if (!inTable || !inTruth) {
            samples.add(new Sample(user, "user_id", inTable ? user : null, inTruth ? user : null));
            return;
        }
        int column = 4;
        for (FeatureDefinition feature : catalogue.features()) {
            if (row.getBoolean(column)) {
                samples.add(new Sample(user, feature.name(), row.getString(column + 1), row.getString(column + 2)));
            }
            column += 3;
        }
    }
}
