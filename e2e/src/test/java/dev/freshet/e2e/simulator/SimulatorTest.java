package dev.freshet.e2e.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random interleavings of everything that the protocol is made of. {@code -Dfreshet.runs=} sets how many,
 * {@code -Dfreshet.seed=} the seed of the first.
 */
@Execution(ExecutionMode.CONCURRENT)
class SimulatorTest {
    /** A sink that follows its topic without a stop, a week late: met once in millions of runs. */
    private static final long LATE_SINK = 4334977933466368931L;

    /** Within so many runs the lack of a rule has to show. */
    private static final int MUTILATED_RUNS = 30_000;

    @Test
    void noInterleavingShowsAWrongRowOrGoesBack() {
        int runs = Integer.getInteger("freshet.runs", 100_000);
        long seed = Long.getLong("freshet.seed", new SplittableRandom().nextLong());
        System.out.println("seed " + seed + ", " + runs + " runs");
        for (int i = 0; i < runs; i++) {
            run(seed + i);
        }
    }

    /** Seeds of runs that failed, and of those that were first to show the lack of a rule. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 16, 20, 23, 45, 113, 703, 709, 739, 1184, 1856, 5432, LATE_SINK})
    void whatFailedOnceStaysRight(long seed) {
        run(seed);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"LATE_ENTRIES_ARE_REFUSED", "OLD_POSITIONS_ARE_REFUSED"})
    void withoutThisRuleSomeInterleavingFails(Rule rule) {
        assertThat(firstFailure(EnumSet.of(rule), false))
                .as("the run that fails without %s", rule)
                .isNotNegative();
    }

    /**
     * One of the two is nearly enough: behind an old position there mostly is an old entry. Where compaction has taken all of
     * these, only the position tells, and a million runs have not shown it.
     */
    @Test
    void whoLooksAtTheAgeOfNeitherPositionsNorEntriesMissesWhatCompactionTook() {
        assertThat(firstFailure(EnumSet.of(Rule.OLD_POSITIONS_ARE_REFUSED, Rule.LATE_ENTRIES_ARE_REFUSED), false))
                .isNotNegative();
    }

    @Test
    void aSinkThatTakesUpLateEntriesLacksWhatItsWatermarkPromises() {
        assertThatThrownBy(() -> new Simulation(LATE_SINK, EnumSet.of(Rule.LATE_ENTRIES_ARE_REFUSED), false).run())
                .isInstanceOf(Violation.class);
    }

    /** Compaction that keeps its lag never overtakes a reader; of one that does, the key is what limits the damage. */
    @Test
    void whereCompactionOvertakesReadersAMoveIsLostForEverIfTheKeyDoesNotHoldTheUser() {
        assertThat(firstFailure(EnumSet.of(Rule.COMPACTION_LAGS, Rule.KEY_HOLDS_THE_USER), true))
                .isNotNegative();
    }

    @Test
    void whereCompactionOvertakesReadersNothingIsWrongForEverIfTheKeyHoldsTheUser() {
        assertThat(firstFailure(EnumSet.of(Rule.COMPACTION_LAGS), true)).isNegative();
    }

    /** The number of the first run that fails; -1 if none does. */
    private static int firstFailure(Set<Rule> off, boolean judgesTheEndOnly) {
        for (int seed = 0; seed < (judgesTheEndOnly ? MUTILATED_RUNS / 3 : MUTILATED_RUNS); seed++) {
            try {
                new Simulation(seed, off, judgesTheEndOnly).run();
            } catch (RuntimeException failure) {
                System.out.println("without " + off + " run " + seed + " fails: " + failure.getMessage());
                return seed;
            }
        }
        return -1;
    }

    private static void run(long seed) {
        try {
            new Simulation(seed).run();
        } catch (RuntimeException failure) {
            throw new AssertionError(
                    "the run of seed " + seed + " fails; again by: mvn test -pl e2e -am -Dtest=SimulatorTest"
                            + " -Dsurefire.failIfNoSpecifiedTests=false -Dfreshet.runs=1 -Dfreshet.seed=" + seed,
                    failure);
        }
    }
}
