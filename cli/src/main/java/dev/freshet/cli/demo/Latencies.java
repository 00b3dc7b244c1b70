package dev.freshet.cli.demo;

import java.time.Duration;
import java.util.Arrays;

/** The last measurements and their percentiles. Safe for one writer and other readers. */
final class Latencies {
    private final long[] nanos;
    private long count;

    /** @param kept how many of the last ones count */
    Latencies(int kept) {
        nanos = new long[kept];
    }

    synchronized void record(Duration latency) {
        nanos[(int) (count++ % nanos.length)] = latency.toNanos();
    }

    /** All that were ever recorded. */
    synchronized long count() {
        return count;
    }

    /** Those that the percentiles are made of. */
    synchronized int kept() {
        return (int) Math.min(count, nanos.length);
    }

    /**
     * The least of the kept measurements that at least so many percent of them do not exceed; zero when there are none.
     */
    synchronized Duration percentile(int percent) {
        int kept = kept();
        if (kept == 0) {
            return Duration.ZERO;
        }
        long[] sorted = Arrays.copyOf(nanos, kept);
        Arrays.sort(sorted);
        int rank = (int) ((kept * (long) percent + 99) / 100);
        return Duration.ofNanos(sorted[Math.max(0, rank - 1)]);
    }

    static String text(Duration latency) {
        double millis = latency.toNanos() / 1e6;
        return millis < 100 ? "%.1f ms".formatted(millis) : "%,.0f ms".formatted(millis);
    }
}
