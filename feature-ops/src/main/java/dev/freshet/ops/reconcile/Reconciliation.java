package dev.freshet.ops.reconcile;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.source.SourceTables;
import dev.freshet.runtime.time.Time;

/** The comparison of a configured system, with its two connections. */
public final class Reconciliation implements AutoCloseable {
    private static final Duration STATEMENT = Duration.ofMinutes(10);
    private static final String NAME = "freshet-reconcile";

    private final Connection source;
    private final Connection target;
    private final Reconcile reconcile;

    private Reconciliation(Connection source, Connection target, Reconcile reconcile) {
        this.source = source;
        this.target = target;
        this.reconcile = reconcile;
    }

    public static Reconciliation open(FreshetConfig config, Pace pace, Time time) throws SQLException {
        Timeouts timeouts = Timeouts.standard().withStatement(STATEMENT);
        Connection source =
                new Database(config.source().login(), config.source().schema(), NAME, timeouts).open();
        try {
            Connection target =
                    new Database(config.target().login(), config.target().schema(), NAME, timeouts).open();
            return new Reconciliation(
                    source, target, new Reconcile(SourceTables.of(config.source()), config.catalogue(), pace, time));
        } catch (SQLException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /** Compares all users, and counts those that differ. */
    public ReconcileReport compare(Reconcile.Progress progress) throws SQLException, InterruptedException {
        return reconcile.run(source, target, progress);
    }

    /** Compares all users, and names those that differ. */
    public ReconcileReport compareNaming(Reconcile.Progress progress) throws SQLException, InterruptedException {
        return reconcile.runNaming(source, target, progress);
    }

    /** Compares these users only. */
    public ReconcileReport compare(List<String> users) throws SQLException, InterruptedException {
        return reconcile.run(source, target, users);
    }

    /**
     * Has these users read anew from the source, and waits until the table shows it.
     *
     * @param note who asks, and why
     */
    public RepairReport repair(List<String> users, String note, Reconcile.Progress progress)
            throws SQLException, InterruptedException {
        return reconcile.repair(target).run(users, note, progress);
    }

    @Override
    public void close() throws SQLException {
        try (source) {
            target.close();
        }
    }
}
