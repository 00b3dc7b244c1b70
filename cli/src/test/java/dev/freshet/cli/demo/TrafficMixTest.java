package dev.freshet.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TrafficMixTest {
    private static final long SEED = 20_261_121;
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final Draws draws = new Draws(new SplittableRandom(SEED));

    @Test
    void theSharesAddUpToAll() {
        assertThat(Arrays.stream(Kind.values()).mapToInt(Kind::percent).sum()).isEqualTo(100);
        assertThat(Kind.mix()).startsWith("30% orders, ").endsWith("2% deleted users");
    }

    @Test
    void theSameSeedGivesTheSameTraffic() {
        assertThat(traffic(SEED)).isEqualTo(traffic(SEED)).isNotEqualTo(traffic(SEED + 1));
    }

    private static List<String> traffic(long seed) {
        Draws draws = new Draws(new SplittableRandom(seed));
        return Stream.generate(() -> Kind.next(draws.random()) + " " + draws.total() + " " + draws.orderTime(NOW))
                .limit(100)
                .toList();
    }

    @Test
    void everyKindComesAsOftenAsItsShareSays() {
        int drawn = 100_000;
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        for (int i = 0; i < drawn; i++) {
            counts.merge(Kind.next(draws.random()), 1, Integer::sum);
        }

        for (Kind kind : Kind.values()) {
            assertThat(counts.getOrDefault(kind, 0) * 100.0 / drawn)
                    .as("%s with seed %d", kind, SEED)
                    .isCloseTo(kind.percent(), within(0.5));
        }
    }

    @Test
    void ordersLieWithinTheLastSixtyDaysAndAFewAhead() {
        List<Instant> times =
                Stream.generate(() -> draws.orderTime(NOW)).limit(10_000).toList();

        assertThat(times).allMatch(time -> !time.isBefore(NOW.minus(Draws.PAST)));
        assertThat(times).allMatch(time -> time.getNano() % 1_000 == 0, "microseconds");
        assertThat(times.stream().filter(time -> time.isAfter(NOW)).count()).isBetween(100L, 300L);
        assertThat(times.stream()
                        .filter(time -> time.isAfter(NOW.minus(Duration.ofDays(7))))
                        .count())
                .isBetween(1_500L, 4_000L);
    }

    @Test
    void ordersAboutToLeaveAWindowAreStillInIt() {
        assertThat(Stream.generate(() -> draws.leavingSoon(NOW)).limit(1_000))
                .allMatch(time -> !time.isBefore(NOW.minus(Duration.ofDays(7))))
                .allMatch(time -> time.isBefore(NOW.minus(Duration.ofDays(7)).plusSeconds(20)));
    }

    @Test
    void totalsAreMoneyOfAllSigns() {
        List<BigDecimal> totals = Stream.generate(draws::total).limit(10_000).toList();

        assertThat(totals.stream().map(BigDecimal::signum).distinct()).containsExactlyInAnyOrder(-1, 0, 1);
    }

    @Test
    void fewCustomersMakeMostOfTheOrders() {
        long byTheFirstTenth = IntStream.range(0, 10_000)
                .map(i -> draws.skewedIndex(1_000))
                .filter(index -> index < 100)
                .count();

        assertThat(byTheFirstTenth).isBetween(3_500L, 4_500L);
    }
}
