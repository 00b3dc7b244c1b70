package dev.freshet.e2e.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Callable;

import dev.freshet.ops.drift.DriftCheck;
import dev.freshet.ops.drift.DriftReport;
import dev.freshet.ops.truth.TruthFunction;
import dev.freshet.schemas.Names;
import dev.freshet.testkit.servers.Database;

/** One shop with its own deployment, thrown away at the end. */
final class Trial implements AutoCloseable {
    static final Duration POLL = Duration.ofMillis(5);

    private static final Duration TRUTH = Duration.ofMinutes(2);

    private final Bed bed;
    private final Database database;
    private final Deployment deployment;
    private final Connection connection;

    private Trial(Bed bed, Database database, Deployment deployment, Connection connection) {
        this.bed = bed;
        this.database = database;
        this.deployment = deployment;
        this.connection = connection;
    }

    static Trial of(Bed bed, String name, Database database, Path directory) throws SQLException, IOException {
        Deployment deployment = Deployment.of(name, bed.servers(), database, directory);
        return new Trial(bed, database, deployment, database.connect());
    }

    Bed bed() {
        return bed;
    }

    BenchOptions options() {
        return bed.options();
    }

    Deployment deployment() {
        return deployment;
    }

    /** For one thread, in auto-commit mode. */
    Connection connection() {
        return connection;
    }

    /** For others. */
    Database database() {
        return database;
    }

    Resources resources() {
        return new Resources(bed.servers(), deployment);
    }

    long nanoTime() {
        return bed.time().nanoTime();
    }

    double secondsSince(long nanos) {
        return (nanoTime() - nanos) / 1e9;
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The end of what is committed. */
    String sourceEnd() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_wal_lsn()::text")) {
            row.next();
            return row.getString(1);
        }
    }

    /** Returns as soon as the table holds all that is committed now. */
    void awaitTakenIn() throws Exception {
        awaitTakenIn(sourceEnd());
    }

    void awaitTakenIn(String lsn) throws Exception {
        await(
                "the view of the readers",
                () -> number("SELECT count(to_regclass('" + Names.COMPLETE_THROUGH + "'))") > 0);
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT coalesce(bool_and(lsn >= ?::pg_lsn), false) FROM " + Names.COMPLETE_THROUGH)) {
            query.setString(1, lsn);
            await("lsn " + lsn + " in the table", () -> {
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    return row.getBoolean(1);
                }
            });
        }
    }

    /** Returns as soon as ingest has told the source that it has all before this. */
    void awaitCaptured(String lsn) throws Exception {
        String captured = "SELECT count(*) FROM pg_replication_slots WHERE confirmed_flush_lsn >= '" + lsn
                + "'::pg_lsn AND slot_name = '" + deployment.names().slot(1) + "'";
        await("lsn " + lsn + " in the log", () -> number(captured) > 0);
    }

    /** Waits, but not for a process that has ended. */
    void await(String what, Callable<Boolean> holds) throws Exception {
        bed.patience().until(what, POLL, () -> {
            String obituary = deployment.obituary();
            if (!obituary.isEmpty()) {
                throw new MeasurementException("waiting for " + what + obituary);
            }
            return holds.call();
        });
    }

    /** @throws MeasurementException if the table is not the truth */
    void requireTruth() throws SQLException {
        TruthFunction.of(deployment.config()).install(connection);
        DriftReport report = DriftCheck.of(deployment.config()).run(connection, TRUTH);
        if (!report.isClean() || report.incomplete() > 0) {
            throw new MeasurementException("the table is not the truth: " + report);
        }
    }

    @Override
    public void close() throws Exception {
        deployment.close();
        dropSlot();
        connection.close();
        bed.seed().drop(database.name());
        bed.deleteTopics(deployment.names().prefix());
    }

    /** As soon as nobody reads it. */
    void dropSlot() throws Exception {
        String ours = " FROM pg_replication_slots WHERE slot_name = '"
                + deployment.names().slot(1) + "'";
        bed.patience()
                .until("the end of the capture", POLL, () -> number("SELECT count(*)" + ours + " AND active") == 0);
        execute("SELECT pg_drop_replication_slot(slot_name)" + ours);
    }
}
