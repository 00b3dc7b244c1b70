package dev.freshet.ops.reconcile;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.ops.reconcile.Rows.TablePart;
import dev.freshet.ops.reconcile.Rows.TruthRow;
import dev.freshet.ops.reconcile.Verification.Candidate;
import dev.freshet.runtime.source.SourceTables;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.catalogue.Catalogue;

/**
 * Compares user_features with the truth while the source is written to and the table follows; they may be in different databases.
 * A row is held against {@code user_features_at} of the latest instant that it claims to be the truth of. What seems to differ is
 * reported only if it is so beyond doubt, see {@link Verification}.
 */
public final class Reconcile {
    private static final Logger log = LoggerFactory.getLogger(Reconcile.class);

    /** How many may seem to differ before they are verified: bounds what is kept in memory. */
    private static final int BATCH = 5_000;

    /** A chunk reads all orders where no index leads to those of a user, so there had better be few. */
    private static final int CHUNK_WITHOUT_INDEX = 100_000;

    private final SourceTables tables;
    private final Catalogue catalogue;
    private final Pace pace;
    private final Time time;

    /** Is told how far the comparison is. */
    @FunctionalInterface
    public interface Progress {
        Progress NONE = (done, total) -> {};

        /** @param total about how many there are */
        void at(long done, long total);
    }

    public Reconcile(SourceTables tables, Catalogue catalogue, Pace pace, Time time) {
        this.tables = tables;
        this.catalogue = catalogue;
        this.pace = pace;
        this.time = time;
    }

    /**
     * Compares all users, and counts those that differ: in as much memory, however many these are.
     *
     * @param source in auto-commit mode, with the time zone UTC
     * @param target the same, with the search path of the target's schema
     * @throws dev.freshet.runtime.lifecycle.Stop.Operator if there is nothing to compare, or a right is missing
     */
    public ReconcileReport run(Connection source, Connection target, Progress progress)
            throws SQLException, InterruptedException {
        return pass(source, target, false).all(progress);
    }

    /** The same, naming those that differ. */
    public ReconcileReport runNaming(Connection source, Connection target, Progress progress)
            throws SQLException, InterruptedException {
        return pass(source, target, true).all(progress);
    }

    /** Compares these users only, naming those that differ. */
    public ReconcileReport run(Connection source, Connection target, List<String> users)
            throws SQLException, InterruptedException {
        Pass pass = pass(source, target, true);
        for (int from = 0; from < users.size(); from += pace.chunk()) {
            pass.compare(users.subList(from, Math.min(users.size(), from + pace.chunk())));
        }
        return pass.report();
    }

    private Pass pass(Connection source, Connection target, boolean isNaming) throws SQLException {
        return new Pass(
                new SourceSide(source, tables, catalogue, time),
                new TableSide(target, tables.users().idType(), catalogue, time),
                new Findings(catalogue, isNaming));
    }

    Repair repair(Connection target) {
        TableSide table = new TableSide(target, tables.users().idType(), catalogue, time);
        return new Repair(target, table, pace.patience(), time);
    }

    private final class Pass {
        private final SourceSide source;
        private final TableSide table;
        private final Comparison comparison = new Comparison(catalogue);
        private final Findings findings;
        private final Verification verification;
        private List<Candidate> seeming = new ArrayList<>();

        Pass(SourceSide source, TableSide table, Findings findings) throws SQLException {
            source.requireRights();
            this.source = source;
            this.table = table;
            this.findings = findings;
            verification = new Verification(source, table, comparison, findings, pace.patience());
        }

        ReconcileReport all(Progress progress) throws SQLException, InterruptedException {
            table.requireComplete();
            int chunk = chunk();
            long rows = table.count();
            long done = 0;
            progress.at(0, 2 * rows);
            List<String> users = source.usersAfter(null, chunk);
            while (!users.isEmpty()) {
                compareAndRest(users);
                done += users.size();
                progress.at(done, Math.max(2 * rows, done + rows));
                users = source.usersAfter(users.get(users.size() - 1), chunk);
            }
            long ofSource = done;
            users = table.usersAfter(null, chunk);
            while (!users.isEmpty()) {
                List<String> extra = notInSource(users);
                compareAndRest(extra);
                done += users.size();
                progress.at(done, Math.max(ofSource + rows, done));
                users = table.usersAfter(users.get(users.size() - 1), chunk);
            }
            return report();
        }

        private int chunk() throws SQLException {
            if (source.hasIndex()) {
                return pace.chunk();
            }
            int chunk = Math.max(pace.chunk(), CHUNK_WITHOUT_INDEX);
            log.warn("no index leads to the orders of a user, so every {} users all orders are read", chunk);
            return chunk;
        }

        private List<String> notInSource(List<String> users) throws SQLException, InterruptedException {
            Set<String> existing = source.existing(users);
            return users.stream().filter(user -> !existing.contains(user)).toList();
        }

        private void compareAndRest(List<String> users) throws SQLException, InterruptedException {
            long begun = time.nanoTime();
            compare(users);
            time.pause(pace.pauseAfter(time.nanoTime() - begun));
        }

        void compare(List<String> users) throws SQLException, InterruptedException {
            TablePart part = table.read(users);
            Map<String, String> instants = new LinkedHashMap<>();
            users.forEach(user -> instants.put(user, Candidate.of(user, part).instant()));
            Map<String, TruthRow> truth = source.truth(instants);
            findings.checked(users.size());
            for (String user : users) {
                Candidate candidate = Candidate.of(user, part);
                Rows.@Nullable TableRow row = candidate.row();
                if (row != null && row.incomplete()) {
                    findings.incomplete();
                }
                if (!comparison.differences(user, row, truth.get(user)).isEmpty()) {
                    seeming.add(candidate);
                }
            }
            if (seeming.size() >= BATCH) {
                verify();
            }
        }

        private void verify() throws SQLException, InterruptedException {
            verification.verify(seeming);
            seeming = new ArrayList<>();
        }

        ReconcileReport report() throws SQLException, InterruptedException {
            verify();
            return findings.report();
        }
    }
}
