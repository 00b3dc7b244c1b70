package dev.freshet.e2e.bench;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** How long a committed order takes to be counted in its user's row, as a reader sees it who looks again and again. */
final class Visibility {
    /** Rows per second. */
    static final int RATE = 1_000;

    private static final double RATE_REACHED = 0.97;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);
    private static final String READ = "SELECT user_id, order_count_7d FROM user_features WHERE user_id = ANY (?)";

    private final Trial trial;

    private Visibility(Trial trial) {
        this.trial = trial;
    }

    static void atRest(Trial trial, Values values) throws Exception {
        Visibility visibility = new Visibility(trial);
        visibility.sample(trial.options().unsampled());
        values.addSamples(
                "visibleAtRestMillis", visibility.sample(trial.options().samples()));
    }

    static void underLoad(Trial trial, Values values) throws Exception {
        Visibility visibility = new Visibility(trial);
        try (Load load = new Load(trial, RATE)) {
            visibility.sample(trial.options().unsampled());
            Resources.Cpu before = trial.resources().cpu();
            long began = trial.nanoTime();
            List<Double> millis = visibility.sample(trial.options().samples());
            double seconds = trial.secondsSince(began);
            Resources.Cpu after = trial.resources().cpu();
            double rate = load.rate();
            load.requireNoFailure();
            if (rate < RATE * RATE_REACHED) {
                throw new MeasurementException("the load was %.0f changes/s only".formatted(rate));
            }
            values.add("loadChangesPerSecond", rate);
            after.addSince(before, "load", (int) (rate * seconds), values);
            values.addSamples("visibleUnderLoadMillis", millis);
        }
    }

    private List<Double> sample(int samples) throws Exception {
        List<Double> millis = new ArrayList<>();
        int first = trial.options().users() - trial.options().silentUsers() + 1;
        try (PreparedStatement read = trial.connection().prepareStatement(READ)) {
            LongStream silent = LongStream.rangeClosed(first, trial.options().users());
            Map<Long, Integer> counts = read(read, silent);
            try (Commits commits = new Commits(trial, counts, samples)) {
                trial.bed().patience().until("the orders in their rows", BETWEEN_LOOKS, () -> {
                    look(read, commits, millis);
                    return millis.size() == samples;
                });
            }
        }
        return millis;
    }

    private void look(PreparedStatement read, Commits commits, List<Double> millis) throws Exception {
        List<Commits.Commit> awaited = List.copyOf(commits.seenByNobody());
        if (awaited.isEmpty()) {
            return;
        }
        Map<Long, Integer> seen = read(read, awaited.stream().mapToLong(Commits.Commit::user));
        for (Commits.Commit commit : awaited) {
            if (seen.getOrDefault(commit.user(), 0) >= commit.count()) {
                millis.add(trial.secondsSince(commit.nanos()) * 1e3);
                commits.seenByNobody().remove(commit);
            }
        }
    }

    private Map<Long, Integer> read(PreparedStatement read, LongStream users) throws SQLException {
        Map<Long, Integer> counts = new TreeMap<>();
        read.setArray(
                1,
                trial.connection()
                        .createArrayOf("bigint", users.distinct().boxed().toArray()));
        try (ResultSet rows = read.executeQuery()) {
            while (rows.next()) {
                counts.put(rows.getLong(1), rows.getInt(2));
            }
        }
        return counts;
    }
}
