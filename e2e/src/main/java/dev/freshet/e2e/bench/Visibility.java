package dev.freshet.e2e.bench;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** How long a committed order takes to be counted in its user's row, as a reader sees it who looks again and again. */
final class Visibility {
    /** Rows per second. */
    static final int RATE = 1_000;

    private static final double RATE_REACHED = 0.97;
    private static final int WARM_UP = 50;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);
    /** The source is told the time at a steady beat; what is measured must not fall into step with it. */
    private static final int LONGEST_REST_MICROS = 20_000;

    private final Trial trial;
    private final SplittableRandom random = new SplittableRandom(1);

    private Visibility(Trial trial) {
        this.trial = trial;
    }

    static void atRest(Trial trial, Values values) throws Exception {
        Visibility visibility = new Visibility(trial);
        visibility.sample(WARM_UP);
        values.addSamples(
                "visibleAtRestMillis", visibility.sample(trial.options().samples()));
    }

    static void underLoad(Trial trial, Values values) throws Exception {
        Visibility visibility = new Visibility(trial);
        try (Load load = new Load(trial, RATE)) {
            visibility.sample(WARM_UP);
            List<Double> millis = visibility.sample(trial.options().samples());
            double rate = load.rate();
            load.requireNoFailure();
            if (rate < RATE * RATE_REACHED) {
                throw new MeasurementException("the load was %.0f changes/s only".formatted(rate));
            }
            values.add("loadChangesPerSecond", rate);
            values.addSamples("visibleUnderLoadMillis", millis);
        }
    }

    private List<Double> sample(int samples) throws Exception {
        List<Double> millis = new ArrayList<>();
        int first = trial.options().users() - trial.options().silentUsers() + 1;
        try (PreparedStatement insert =
                        trial.connection().prepareStatement("INSERT INTO orders (user_id, total) VALUES (?, 1)");
                PreparedStatement read = trial.connection()
                        .prepareStatement("SELECT order_count_7d FROM user_features WHERE user_id = ?")) {
            for (int i = 0; i < samples; i++) {
                long user = first + i % trial.options().silentUsers();
                read.setLong(1, user);
                insert.setLong(1, user);
                int before = count(read);
                trial.bed().time().pause(Duration.ofNanos(1_000L * random.nextInt(LONGEST_REST_MICROS)));
                insert.executeUpdate();
                long committed = trial.nanoTime();
                trial.bed().patience().until("the order in the row", BETWEEN_LOOKS, () -> count(read) > before);
                millis.add(trial.secondsSince(committed) * 1e3);
            }
        }
        return millis;
    }

    private static int count(PreparedStatement read) throws SQLException {
        try (ResultSet row = read.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }
}
