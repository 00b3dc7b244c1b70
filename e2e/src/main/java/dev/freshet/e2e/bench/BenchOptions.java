package dev.freshet.e2e.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * What is measured, and how much of it.
 *
 * @param scale factor of all numbers of rows; 1 is 100,000 users and 1,000,000 orders
 * @param runs how often each figure is measured; the median counts
 * @param only the figures that are measured
 */
record BenchOptions(Path dataDirectory, double scale, int runs, Set<Figure> only) {
    private static final int USERS = 100_000;
    private static final int ORDERS = 1_000_000;
    private static final int BURST = 200_000;
    private static final int SILENT_SHARE = 100;
    private static final int SAMPLES = 2_000;
    private static final int WARM_UP = 600;
    private static final int EXPIRIES = 1_000;
    private static final double SHORTEST = 0.2;

    BenchOptions {
        only = Set.copyOf(only);
    }

    int users() {
        return scaled(USERS);
    }

    int orders() {
        return scaled(ORDERS);
    }

    int burst() {
        return scaled(BURST);
    }

    /** Users who have no orders of their own: what is seen of them is what a figure has done. */
    int silentUsers() {
        return users() / SILENT_SHARE;
    }

    /** Of each run; those of all runs are taken together. */
    int samples() {
        return (Math.max(scaled(SAMPLES), SILENT_SHARE) + runs - 1) / runs;
    }

    /** As many are taken before those of each run, half a minute of them, for the code of all processes to be compiled. */
    int unsampled() {
        return Math.max(scaled(WARM_UP), SILENT_SHARE / 2);
    }

    /** One for each silent user at most, so that each can be told from the others. */
    int expiries() {
        return Math.min(scaled(EXPIRIES), silentUsers());
    }

    /** A while of the full measurement, shorter at a smaller scale. */
    Duration shortened(Duration full) {
        return Duration.ofMillis(Math.round(full.toMillis() * Math.min(1, Math.max(SHORTEST, scale))));
    }

    /** A number of rows of the full measurement, as many as there are of them at this scale. */
    int scaled(int full) {
        return (int) Math.max(1, Math.round(full * scale));
    }

    boolean measures(Figure name) {
        return only.contains(name);
    }
}
