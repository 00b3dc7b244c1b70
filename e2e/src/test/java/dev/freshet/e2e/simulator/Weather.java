package dev.freshet.e2e.simulator;

import java.util.SplittableRandom;

/**
 * How likely each kind of event is in one run. Drawn anew for every run, with some kinds left out: what needs many of one
 * kind and none of another hardly ever happens where all are mixed evenly.
 *
 * @param <E> the kinds
 */
final class Weather<E extends Enum<E>> {
    private final E[] kinds;
    private final int[] weights;
    private final int sum;

    /**
     * @param least 0 if a run may be without a kind, otherwise 1
     * @param usual what is usual of each kind; a run has up to four times of it
     */
    Weather(SplittableRandom random, int least, E[] kinds, int... usual) {
        this.kinds = kinds;
        weights = new int[kinds.length];
        int total = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = usual[i] * random.nextInt(least, 5);
            total += weights[i];
        }
        if (total == 0) {
            java.util.Arrays.fill(weights, 1);
            total = weights.length;
        }
        sum = total;
    }

    E pick(SplittableRandom random) {
        int rest = random.nextInt(sum);
        int i = 0;
        while (rest >= weights[i]) {
            rest -= weights[i];
            i++;
        }
        return kinds[i];
    }
}
