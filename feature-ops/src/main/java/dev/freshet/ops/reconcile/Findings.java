package dev.freshet.ops.reconcile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.freshet.ops.drift.DriftReport.Sample;
import dev.freshet.schemas.catalogue.Catalogue;

/** Counts what is found, and keeps of whom if that is asked for: these may be all users that there are. */
final class Findings {
    private static final int SAMPLES = 10;

    private final Map<String, Long> wrong = new LinkedHashMap<>();
    private final List<Sample> samples = new ArrayList<>();
    private final List<String> users = new ArrayList<>();
    private final boolean isNaming;
    private long differing;
    private long checked;
    private long missing;
    private long extra;
    private long incomplete;
    private long unverified;

    Findings(Catalogue catalogue, boolean isNaming) {
        this.isNaming = isNaming;
        catalogue.features().forEach(feature -> wrong.put(feature.name(), 0L));
        wrong.put(Comparison.EXACT_UNTIL, 0L);
    }

    void checked(int count) {
        checked += count;
    }

    void incomplete() {
        incomplete++;
    }

    void unverified(int count) {
        unverified += count;
    }

    /** @param differences of one user, at least one */
    void differs(List<Sample> differences) {
        differing++;
        if (isNaming) {
            users.add(differences.get(0).user());
        }
        for (Sample difference : differences) {
            if (!difference.feature().equals(Comparison.USER)) {
                wrong.merge(difference.feature(), 1L, Long::sum);
            } else if (difference.table() == null) {
                missing++;
            } else {
                extra++;
            }
            if (samples.size() < SAMPLES) {
                samples.add(difference);
            }
        }
    }

    ReconcileReport report() {
        return new ReconcileReport(checked, missing, extra, wrong, incomplete, unverified, samples, differing, users);
    }
}
