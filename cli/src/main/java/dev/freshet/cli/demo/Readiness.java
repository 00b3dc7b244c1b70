package dev.freshet.cli.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import dev.freshet.ingest.IngestProgress;
import dev.freshet.ingest.IngestProgress.Phase;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.change.Table;

/** Waits until the table is read and follows the source, and shows how far that is. */
final class Readiness {
    /** The calls of {@link StartProgress#next} in here. */
    static final int STEPS = 2;

    private static final Duration POLL = Duration.ofMillis(200);

    private final Connection connection;
    private final Names names;
    private final StartProgress progress;
    private final Instant begin;

    Readiness(Connection connection, Names names, StartProgress progress, Time time) {
        this.connection = connection;
        this.names = names;
        this.progress = progress;
        begin = time.now();
    }

    /** False when the demo was asked to end first. */
    boolean await(Pipeline pipeline, StopSignal stop) throws Exception {
        progress.next("reading users and orders");
        while (pipeline.ingest().phase().compareTo(Phase.STREAMING) < 0) {
            showSnapshot(pipeline.ingest());
            pipeline.check();
            if (stop.await(POLL)) {
                return false;
            }
        }
        progress.next("computing features");
        while (!isFollowing()) {
            showSweep(pipeline.ingest().generation());
            pipeline.check();
            if (stop.await(POLL)) {
                return false;
            }
        }
        return true;
    }

    private void showSnapshot(IngestProgress ingest) {
        if (ingest.phase() == Phase.SNAPSHOT) {
            long rows = ingest.snapshotRows(Table.USERS) + ingest.snapshotRows(Table.ORDERS);
            long expected = ingest.estimatedRows(Table.USERS) + ingest.estimatedRows(Table.ORDERS);
            if (expected > 0) {
                progress.at((double) rows / expected, "%,d of about %,d rows".formatted(rows, expected));
            }
        }
    }

    /** The first rows of a generation are written before anybody can see them: its own table says how many. */
    private void showSweep(int generation) throws SQLException {
        String table = names.table(generation);
        if (generation == 0 || count("SELECT count(to_regclass('" + table + "'))") == 0) {
            return;
        }
        long users = Shop.users(connection);
        if (users > 0) {
            long rows = count("SELECT count(*) FROM " + table);
            progress.at((double) rows / users, "%,d of %,d users".formatted(rows, users));
        }
    }

    /** Complete to a time after this start: what an earlier run had reached does not count. */
    private boolean isFollowing() throws SQLException {
        Optional<TableState> table = TableReader.read(connection);
        return table.isPresent() && table.get().completeThrough().isAfter(begin);
    }

    private long count(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
