package dev.freshet.serving.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.time.Micros;

class SourceClockTest {
    private static final Instant SOURCE = Instant.parse("2026-11-21T12:00:00Z");
    private final ManualTime time = new ManualTime();

    /** The source's clock by this test's time. */
    private Instant truth() {
        return SOURCE.plus(Duration.between(Instant.EPOCH, time.now()));
    }

    /** It takes so long to ask, and so long until the answer is here. */
    private SourceClock.Question question(Duration there, Duration back) {
        return () -> {
            time.pass(there);
            long micros = Micros.of(truth());
            time.pass(back);
            return micros;
        };
    }

    @Test
    void beforeTheSourceAnswersThereIsNoTime() {
        SourceClock clock = new SourceClock(
                () -> {
                    throw new SQLException("away");
                },
                time);
        clock.look();

        assertThat(clock.now()).isEmpty();
    }

    @Test
    void itIsNeverToldToBeEarlierThanItIs() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            Duration there = Duration.ofNanos(random.nextInt(80_000_000));
            Duration back = Duration.ofNanos(random.nextInt(80_000_000));
            SourceClock clock = new SourceClock(question(there, back), time);
            clock.look();
            time.pass(Duration.ofMillis(random.nextInt(5_000)));
            Duration ahead = Duration.between(truth(), clock.now().orElseThrow());
            assertThat(ahead)
                    .as("seed %d, %s there, %s back", seed, there, back)
                    .isGreaterThanOrEqualTo(Duration.ZERO)
                    .isLessThan(there.plus(Duration.ofMillis(2)));
        }
    }

    @Test
    void theAnswerThatTookTheLeastCounts() {
        Duration[] took = {Duration.ofMillis(300), Duration.ofMillis(1), Duration.ofMillis(200)};
        int[] turn = {0};
        SourceClock clock =
                new SourceClock(() -> question(took[turn[0]++], Duration.ZERO).ask(), time);
        clock.look();

        assertThat(Duration.between(truth(), clock.now().orElseThrow())).isLessThan(Duration.ofMillis(2));
    }

    @Test
    void whileTheSourceIsAwayItGoesOnAndAllowsForDrift() {
        boolean[] away = {false};
        SourceClock clock = new SourceClock(
                () -> {
                    if (away[0]) {
                        throw new SQLException("away");
                    }
                    return Micros.of(truth());
                },
                time);
        clock.look();
        away[0] = true;
        time.pass(Duration.ofHours(1));
        clock.look();

        assertThat(Duration.between(truth(), clock.now().orElseThrow()))
                .isBetween(Duration.ofMillis(700), Duration.ofMillis(800));
    }

    @Test
    void theTimeThatTheMachineWasAsleepIsNotForgotten() {
        SourceClock clock = new SourceClock(() -> Micros.of(truth()), time);
        clock.look();
        time.sleep(Duration.ofHours(1));

        assertThat(clock.now().orElseThrow()).isAfterOrEqualTo(truth());
    }

    @Test
    void anAgeIsRoundedUpAndNoneIsToldByAClockThatStandsBefore() {
        CompleteThrough through = new CompleteThrough(1, 1, SOURCE);
        assertThat(Age.of(through, SOURCE.plusNanos(1_000_001), Age.Clock.SOURCE)
                        .millis())
                .isEqualTo(2);
        assertThat(Age.of(through, SOURCE, Age.Clock.SOURCE).millis()).isZero();
        Age unknown = Age.of(through, SOURCE.minusNanos(1_000), Age.Clock.SOURCE);
        assertThat(unknown.millis()).isNull();
        assertThat(unknown.isWithin(Duration.ofDays(1))).isFalse();
    }
}
