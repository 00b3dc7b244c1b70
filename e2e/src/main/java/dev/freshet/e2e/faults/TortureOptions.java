package dev.freshet.e2e.faults;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What strikes, and for how long.
 *
 * @param only the faults to choose from, alone in each round; none for all, alone or two at once
 * @param phase in which they strike; null for any, mostly while the system follows the shop
 */
record TortureOptions(
        Path dataDirectory,
        long seed,
        List<Fault> only,
        @Nullable Phase phase) {
    /** Of so many rounds two have a pair of faults. */
    private static final int OF_WHICH_TWO_ARE_PAIRS = 3;

    private static final int OF_WHICH_ONE_IS_IN_ANOTHER_PHASE = 4;

    TortureOptions {
        only = List.copyOf(only);
    }

    /** Decides all that is random in a round; the same for the same seed. */
    SplittableRandom randomOf(int round) {
        return new SplittableRandom(seed * 1_000_003 + round);
    }

    /** What strikes in a round; of the faults that were asked for, each in turn. */
    Round.Plan choose(int round, SplittableRandom random) {
        if (!only.isEmpty()) {
            Phase all = phase == null ? Phase.STREAMING : phase;
            return new Round.Plan(List.of(only.get((round - 1) % only.size())), all);
        }
        Phase[] phases = Phase.values();
        boolean isOther = random.nextInt(OF_WHICH_ONE_IS_IN_ANOTHER_PHASE) == 0;
        Phase chosen = isOther ? phases[random.nextInt(phases.length)] : Phase.STREAMING;
        List<Fault> all = Faults.all();
        Fault one = all.get(random.nextInt(all.size()));
        Fault other = all.get(random.nextInt(all.size()));
        boolean isPair = random.nextInt(OF_WHICH_TWO_ARE_PAIRS) > 0 && !one.equals(other);
        return new Round.Plan(isPair ? List.of(one, other) : List.of(one), phase == null ? chosen : phase);
    }
}
