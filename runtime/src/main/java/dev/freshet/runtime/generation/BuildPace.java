package dev.freshet.runtime.generation;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.freshet.runtime.time.Time;

/**
 * Keeps a replay from slowing down the generation that readers see. Whoever works for a replay rests after each piece of work,
 * so that it has a share of its thread's time. The share is found by alternating windows: in one the replay rests, in the next
 * it works; if the live generation's entries were older when they were taken up in the second one, the share falls, else it
 * rises. Once the replay is complete the share only rises, until it does not rest any more: a build may take its time, but one
 * that is slower than the live generation would never be as complete, and could not be swapped in.
 *
 * <p>The windows are those of the clock, so that ingest, in a snapshot, streams and sink rest at the same time: each finds by
 * how much all of them together slow the live generation down, and not a tenth for each. Safe for use by many threads.
 */
public final class BuildPace {
    private static final Duration AT_REST = Duration.ofSeconds(1);
    private static final Duration AT_WORK = Duration.ofSeconds(4);
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);
    private static final long CYCLE = AT_REST.plus(AT_WORK).toNanos();

    /** What a follower's log is late by at most. */
    private static final Duration BETWEEN_BATCHES = Duration.ofMillis(20);

    /** A batch of so many is worth its transaction; waiting for more would only let what has piled up wait. */
    private static final int MANY = 100;

    /** So that a build ends, also beside a live generation that has no time to spare. */
    private static final double LEAST_SHARE = 0.1;

    private static final double FIRST_SHARE = 0.25;
    private static final double RISE = 1.3;
    private static final double FALL = 0.6;

    /** How much older the live one's entries may be: a tenth, and half a millisecond, for less cannot be told. */
    private static final double TOLERANCE = 1.1;

    private static final double TOLERANCE_MILLIS = 0.5;
    private static final int TOO_FEW = 5;
    private static final long AT_THE_END = 1_000;
    private static final long NANOS = 1_000_000_000;

    private final Time time;
    private final Samples atRest = new Samples();
    private final Samples atWork = new Samples();
    private Set<Integer> builds = Set.of();
    private Set<Integer> followers = Set.of();
    private double share = FIRST_SHARE;
    private boolean isComplete;
    private boolean isResting;
    private long windowEnd;

    public BuildPace(Time time) {
        this.time = time;
    }

    /** What works for one generation: whoever reads for it asks this. */
    public final class Worker {
        private final int generation;

        private Worker(int generation) {
            this.generation = generation;
        }

        /** Takes note of how old an entry was when it was taken up. */
        public void taken(Duration age) {
            BuildPace.this.taken(generation, age);
        }

        /**
         * Rests for as long as is due after having worked since an instant of {@link Time#nanoTime()}. Whoever is at the end
         * of what it reads costs no more than the live generation does, and does not rest: it could not be swapped in.
         *
         * @param behind how many entries are still to be read
         */
        public void restAfterWorkSince(long nanos, long behind) {
            if (behind < AT_THE_END) {
                return;
            }
            rest(restAfter(generation, Duration.ofNanos(time.nanoTime() - nanos)));
        }

        /**
         * Lets the changes of a moment come together, if there is a live generation and it is another one: each batch costs a
         * transaction, and all that follows on it.
         *
         * @param size of the batch that was taken
         */
        public void restAfterBatch(int size) {
            rest(BuildPace.this.restAfterBatch(generation, size));
        }

        private void rest(Duration rest) {
            try {
                time.pause(rest);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // whoever waits next hears of it
            }
        }
    }

    /** For a generation of any state: what is no replay does not rest from its work. */
    public Worker worker(int generation) {
        return new Worker(generation);
    }

    /**
     * Takes note of what there is to work for; a replay that readers see, or saw, is none any more.
     *
     * @param isReplayComplete {@link Generations#isReplayComplete}
     */
    public synchronized void see(List<Generation> active, boolean isReplayComplete) {
        isComplete = isReplayComplete;
        boolean isAnyLive = active.stream().anyMatch(one -> one.state() == GenerationState.LIVE);
        Set<Integer> now = active.stream()
                .filter(one -> isAnyLive && one.isReplayBuilding())
                .map(Generation::number)
                .collect(Collectors.toSet());
        if (builds.isEmpty() && !now.isEmpty()) {
            share = FIRST_SHARE;
            atRest.clear();
            begin();
        }
        builds = now;
        followers = active.stream()
                .filter(one -> isAnyLive && one.state() != GenerationState.LIVE)
                .map(Generation::number)
                .collect(Collectors.toSet());
    }

    /** Whatever is no replay's counts, for the standby's entries are as old as the live one's. */
    synchronized void taken(int generation, Duration age) {
        if (!builds.isEmpty() && !builds.contains(generation)) {
            (isResting ? atRest : atWork).add(age.toNanos() / 1e6);
        }
    }

    /** How long to rest now, after having worked so long for a generation; nothing if it is no replay. */
    synchronized Duration restAfter(int generation, Duration worked) {
        if (!builds.contains(generation)) {
            return Duration.ZERO;
        }
        long left = windowEnd - time.nanoTime();
        if (left <= 0) {
            turn();
            left = windowEnd - time.nanoTime();
        }
        if (isComplete && share == 1) {
            return Duration.ZERO;
        }
        // Not beyond the window: the next one's samples are of a time at which all rest.
        long rest = isResting ? left : Math.min(left, (long) (worked.toNanos() * (1 / share - 1)));
        return Duration.ofNanos(Math.min(rest, LONGEST_REST.toNanos()));
    }

    synchronized Duration restAfterBatch(int generation, int size) {
        return followers.contains(generation) && size < MANY ? BETWEEN_BATCHES : Duration.ZERO;
    }

    private void turn() {
        if (!isResting && isComplete) {
            change(RISE);
        } else if (!isResting && atRest.count() >= TOO_FEW && atWork.count() >= TOO_FEW) {
            boolean isSlowed = atWork.median() > atRest.median() * TOLERANCE + TOLERANCE_MILLIS;
            change(isSlowed ? FALL : RISE);
        }
        begin();
    }

    private void change(double factor) {
        share = Math.max(LEAST_SHARE, Math.min(1, share * factor));
    }

    private void begin() {
        Instant now = time.now();
        long position =
                Math.floorMod(now.getEpochSecond(), AT_REST.plus(AT_WORK).toSeconds()) * NANOS + now.getNano();
        isResting = position < AT_REST.toNanos();
        (isResting ? atRest : atWork).clear();
        windowEnd = time.nanoTime() + (isResting ? AT_REST.toNanos() : CYCLE) - position;
    }

    /** From 0 to 1. */
    synchronized double share() {
        return share;
    }

    /** The newest of a window. */
    private static final class Samples {
        private final double[] values = new double[512];
        private int count;

        void add(double value) {
            values[count++ % values.length] = value;
        }

        int count() {
            return count;
        }

        void clear() {
            count = 0;
        }

        double median() {
            double[] sorted = Arrays.copyOf(values, Math.min(count, values.length));
            Arrays.sort(sorted);
            return sorted[sorted.length / 2];
        }
    }
}
