package dev.freshet.cli.demo;

import java.util.ArrayDeque;
import java.util.Deque;

/** How fast a counter rises, over its last readings. */
public final class Rate {
    private static final int READINGS = 5;
    private final Deque<Reading> readings = new ArrayDeque<>();

    private record Reading(long nanos, long count) {}

    /** Takes a reading and returns the rise per second since the oldest one kept; 0 for the first. */
    public double at(long nanos, long count) {
        Reading now = new Reading(nanos, count);
        readings.addLast(now);
        if (readings.size() > READINGS) {
            readings.removeFirst();
        }
        Reading oldest = readings.getFirst();
        long elapsed = now.nanos - oldest.nanos;
        return elapsed <= 0 ? 0 : (now.count - oldest.count) * 1e9 / elapsed;
    }
}
