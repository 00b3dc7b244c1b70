package dev.freshet.ops.reconcile;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

import dev.freshet.ops.drift.DriftReport.Sample;
import dev.freshet.ops.reconcile.Rows.Build;
import dev.freshet.ops.reconcile.Rows.TablePart;
import dev.freshet.ops.reconcile.Rows.TableRow;
import dev.freshet.ops.reconcile.Rows.TruthRow;

/**
 * Tells users that differ from users of whom table and source were read at two moments. A difference is real if it is there again
 * against a snapshot of the source in which nothing is undecided that the row may have known of, and the row is still the same
 * version when the table is complete beyond that snapshot: whatever touched the user before would have made a new version.
 */
final class Verification {
    private static final int ATTEMPTS = 5;

    private final SourceSide source;
    private final TableSide table;
    private final Comparison comparison;
    private final Findings findings;
    private final Duration patience;

    /**
     * A user that seemed to differ.
     *
     * @param row as it was read, before the source was; null for none
     * @param instant that the truth is asked for
     */
    record Candidate(String user, Build build, @Nullable TableRow row, String instant) {
        static Candidate of(String user, TablePart part) {
            TableRow row = part.rows().get(user);
            return new Candidate(
                    user, part.build(), row, row == null ? part.build().time() : row.instant());
        }

        boolean isUnchangedIn(TablePart later) {
            TableRow now = later.rows().get(user);
            return build.isSame(later.build())
                    && (row == null || now == null ? row == now : row.version() == now.version());
        }
    }

    Verification(SourceSide source, TableSide table, Comparison comparison, Findings findings, Duration patience) {
        this.source = source;
        this.table = table;
        this.comparison = comparison;
        this.findings = findings;
        this.patience = patience;
    }

    void verify(List<Candidate> seeming) throws SQLException, InterruptedException {
        List<Candidate> open = seeming;
        for (int attempt = 0; attempt < ATTEMPTS && !open.isEmpty(); attempt++) {
            Optional<Map<String, TruthRow>> truth = source.truthPastAllInFlight(instants(open), patience);
            if (truth.isEmpty()) {
                break;
            }
            long fence = source.end();
            Optional<TablePart> later = table.readPast(fence, instants(open).keySet(), patience);
            if (later.isEmpty()) {
                break;
            }
            open = stillSeeming(judge(open, truth.get(), later.get()), later.get());
        }
        findings.unverified(open.size());
    }

    /** Counts what is sure; returns what is not. */
    private List<Candidate> judge(List<Candidate> open, Map<String, TruthRow> truth, TablePart later)
            throws SQLException, InterruptedException {
        // A user without a row has no version: that it was there all the time, its row in the source has to tell.
        Map<String, TruthRow> afterwards = source.truth(instants(
                open.stream().filter(candidate -> candidate.row() == null).toList()));
        List<Candidate> unsure = new ArrayList<>();
        for (Candidate candidate : open) {
            TruthRow right = truth.get(candidate.user());
            TruthRow rightAfterwards = afterwards.get(candidate.user());
            boolean stayed = candidate.row() != null
                    || right == null
                    || (rightAfterwards != null && rightAfterwards.born().equals(right.born()));
            if (candidate.isUnchangedIn(later) && stayed) {
                List<Sample> differences =
                        comparison.differences(candidate.user(), later.rows().get(candidate.user()), right);
                if (!differences.isEmpty()) {
                    findings.differs(differences);
                }
            } else {
                unsure.add(candidate);
            }
        }
        return unsure;
    }

    /** Those whose newer row seems to differ too. */
    private List<Candidate> stillSeeming(List<Candidate> unsure, TablePart later)
            throws SQLException, InterruptedException {
        List<Candidate> renewed = unsure.stream()
                .map(candidate -> Candidate.of(candidate.user(), later))
                .toList();
        Map<String, TruthRow> truth = source.truth(instants(renewed));
        return renewed.stream()
                .filter(candidate -> !comparison
                        .differences(candidate.user(), candidate.row(), truth.get(candidate.user()))
                        .isEmpty())
                .toList();
    }

    private static Map<String, String> instants(List<Candidate> candidates) {
        Map<String, String> instants = new LinkedHashMap<>();
        candidates.forEach(candidate -> instants.put(candidate.user(), candidate.instant()));
        return instants;
    }
}
