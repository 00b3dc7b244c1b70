package dev.freshet.streams.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.schemas.catalogue.Aggregate;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.catalogue.FeatureDefinition;

/**
 * Random histories through the engine, compared with the oracle after every operation.
 *
 * <p>{@code -Dfreshet.operations=1000000} makes it long; {@code -Dfreshet.seed=...} begins with the history of that seed.
 */
class RandomHistoriesTest {
    private static final int HISTORY = 5_000;

    /** Windows of a microsecond and of days, sums beside means, columns that share windows, and a windowed date. */
    private static final Catalogue RICH = new Catalogue(List.of(
            new FeatureDefinition("last_date_30d", Aggregate.LAST_DATE, null, Duration.ofDays(30)),
            new FeatureDefinition("sum_total_7d", Aggregate.SUM, "total", Duration.ofDays(7)),
            new FeatureDefinition("count_1us", Aggregate.COUNT, null, Duration.of(1, ChronoUnit.MICROS)),
            new FeatureDefinition("avg_discount_30d", Aggregate.AVG, "discount", Duration.ofDays(30)),
            new FeatureDefinition("sum_discount", Aggregate.SUM, "discount", null),
            new FeatureDefinition("avg_total_7d", Aggregate.AVG, "total", Duration.ofDays(7))));

    @Test
    void everyRowIsTheTruthAfterEveryOperation() {
        int operations = Integer.getInteger("freshet.operations", 100_000);
        long seed = Long.getLong("freshet.seed", new SplittableRandom().nextLong());
        System.out.println("seed " + seed + ", " + operations + " operations; " + Operation.mix());
        Map<Operation, Integer> done = new EnumMap<>(Operation.class);
        for (int left = operations; left > 0; left -= HISTORY) {
            run(seed, Math.min(left, HISTORY)).forEach((kind, times) -> done.merge(kind, times, Integer::sum));
            seed++;
        }
        if (operations >= 100_000) {
            assertThat(done.keySet()).containsExactlyInAnyOrder(Operation.values());
        }
    }

    /** Seeds of histories that failed, and of those that were first to show a fault put into the core on purpose. */
    @ParameterizedTest
    @ValueSource(longs = {1, 3, 5, 10})
    void whatFailedOnceStaysRight(long seed) {
        run(seed, HISTORY);
    }

    private static Map<Operation, Integer> run(long seed, int operations) {
        RandomHistory history = new RandomHistory(seed, seed % 3 == 0 ? RICH : Catalogue.standard());
        try {
            history.run(operations);
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError(
                    "the history of seed " + seed + " fails; again by: mvn test -pl feature-streams -am"
                            + " -Dtest=RandomHistoriesTest -Dsurefire.failIfNoSpecifiedTests=false -Dfreshet.seed="
                            + seed + " -Dfreshet.operations=" + operations,
                    failure);
        }
        return history.done();
    }
}
