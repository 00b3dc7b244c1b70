package dev.freshet.e2e.bench;

import java.sql.SQLException;

/**
 * Many orders in one statement.
 *
 * @param began when the statement was sent, on the trial's clock
 * @param committed when it was over
 */
record Burst(long began, long committed) {
    static final String SECONDS = "burstSeconds";

    private static final String SQL = "INSERT INTO orders (user_id, total)"
            + " SELECT 1 + abs(hashint8(n + 17) %% %d), abs(hashint8(-n) %% 30000) / 100.0 FROM generate_series(1, %d) n";

    static Burst into(Trial trial) throws SQLException {
        BenchOptions options = trial.options();
        trial.execute("CHECKPOINT");
        long began = trial.nanoTime();
        trial.execute(SQL.formatted(options.users() - options.silentUsers(), options.burst()));
        return new Burst(began, trial.nanoTime());
    }

    /** Until all of them are in the table. */
    static void measure(Trial trial, Values values) throws Exception {
        trial.awaitTakenIn();
        Resources.Cpu before = trial.resources().cpu();
        Burst burst = into(trial);
        trial.awaitTakenIn();
        double seconds = trial.secondsSince(burst.began());
        values.add(SECONDS, seconds);
        values.add("burstSecondsFromCommit", trial.secondsSince(burst.committed()));
        values.add("burstOrdersPerSecond", trial.options().burst() / seconds);
        trial.resources().cpu().addSince(before, "burst", trial.options().burst(), values);
    }
}
