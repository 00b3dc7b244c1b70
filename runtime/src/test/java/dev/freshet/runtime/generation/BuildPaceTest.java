package dev.freshet.runtime.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.time.Time;

class BuildPaceTest {
    private static final Duration WORK = Duration.ofMillis(10);

    private final SteppedTime time = new SteppedTime();
    private final BuildPace pace = new BuildPace(time);

    @Test
    void onlyAReplayBesideALiveGenerationRests() {
        pace.see(List.of(generation(1, GenerationState.BUILDING, true)), false);
        assertThat(pace.restAfter(1, WORK)).isZero();
        see(GenerationState.LIVE, GenerationState.BUILDING, false);
        assertThat(pace.restAfter(1, WORK)).isZero();
        assertThat(pace.restAfter(2, WORK)).isPositive();
        see(GenerationState.STANDBY, GenerationState.LIVE, false);
        assertThat(pace.restAfter(2, WORK)).isZero();
    }

    @Test
    void theShareRisesWhileTheLiveOneIsNotSlowedDown() {
        begin();
        run(60, 10, 10);
        assertThat(pace.share()).isEqualTo(1);
    }

    @Test
    void theShareFallsWhenTheLiveOneIsSlowedDownButTheBuildGoesOn() {
        begin();
        run(60, 10, 12);
        assertThat(pace.share()).isEqualTo(0.1);
        assertThat(pace.restAfter(2, WORK)).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void allProcessesRestAtTheSameTime() {
        time.nanos = Duration.ofMillis(12_300).toNanos();
        BuildPace other = new BuildPace(time);
        begin();
        time.nanos = Duration.ofMillis(17_700).toNanos();
        other.see(
                List.of(generation(1, GenerationState.LIVE, true), generation(2, GenerationState.BUILDING, false)),
                false);
        for (int i = 0; i < 100; i++) {
            time.nanos += Duration.ofMillis(100).toNanos();
            boolean isSecondOfRest = time.now().getEpochSecond() % 5 == 0;
            for (BuildPace each : List.of(pace, other)) {
                assertThat(each.restAfter(2, WORK).compareTo(WORK.multipliedBy(9)) > 0)
                        .as("at %s", time.now())
                        .isEqualTo(isSecondOfRest
                                && time.nanos % Duration.ofSeconds(1).toNanos() <= 900_000_000);
            }
        }
    }

    @Test
    void whoFollowsTheLiveOneRestsBetweenBatchesUntilItIsLive() {
        pace.see(List.of(generation(1, GenerationState.BUILDING, true)), false);
        assertThat(pace.restAfterBatch(1, 1)).isZero();
        see(GenerationState.LIVE, GenerationState.BUILDING, true);
        assertThat(pace.restAfterBatch(1, 1)).isZero();
        assertThat(pace.restAfterBatch(2, 1)).isPositive().isLessThan(Duration.ofMillis(50));
        see(GenerationState.STANDBY, GenerationState.LIVE, false);
        assertThat(pace.restAfterBatch(1, 1)).isPositive();
        assertThat(pace.restAfterBatch(2, 1)).isZero();
    }

    /** Its slot holds the source's WAL for it. */
    @Test
    void whoHasSomethingToMakeUpForDoesNotRest() {
        see(GenerationState.LIVE, GenerationState.STANDBY, false);
        assertThat(pace.restAfterBatch(2, 99)).isPositive();
        assertThat(pace.restAfterBatch(2, 100)).isZero();
    }

    /** Else too little would be seen of the time at which all rest. */
    @Test
    void aRestEndsWithItsWindow() {
        time.nanos = Duration.ofMillis(4_900).toNanos();
        begin();
        assertThat(pace.restAfter(2, Duration.ofSeconds(5))).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void withoutALiveGenerationsEntriesTheShareStaysAsItWas() {
        begin();
        run(60, -1, -1);
        assertThat(pace.share()).isEqualTo(0.25);
    }

    @Test
    void aCompleteBuildIsNotKeptFromCatchingUp() {
        begin();
        run(60, 10, 12);
        see(GenerationState.LIVE, GenerationState.BUILDING, true);
        run(20, 10, 12);
        assertThat(pace.share()).as("not at once").isBetween(0.1, 0.5);
        run(60, 10, 12);
        assertThat(pace.share()).isEqualTo(1);
        for (int second = 0; second < 10; second++) {
            assertThat(pace.restAfter(2, WORK)).isZero();
            time.nanos += Duration.ofSeconds(1).toNanos();
        }
    }

    private void begin() {
        see(GenerationState.LIVE, GenerationState.BUILDING, false);
    }

    private void see(GenerationState first, GenerationState second, boolean isReplayComplete) {
        pace.see(List.of(generation(1, first, true), generation(2, second, false)), isReplayComplete);
    }

    /** The build works and rests as it is told; the live one takes an entry up with each of its turns. */
    private void run(int seconds, int millisAtRest, int millisAtWork) {
        long end = time.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        while (time.nanoTime() < end) {
            time.nanos += WORK.toNanos();
            Duration rest = pace.restAfter(2, WORK);
            boolean isAtRest = rest.compareTo(Duration.ofMillis(300)) > 0;
            for (int i = 0; i < 5 && millisAtRest >= 0; i++) {
                pace.taken(1, Duration.ofMillis(isAtRest ? millisAtRest : millisAtWork));
            }
            time.nanos += rest.toNanos();
        }
    }

    private static Generation generation(int number, GenerationState state, boolean livesByItself) {
        return new Generation(number, state, 0, new Generation.Log(1, 1, "test"), livesByItself, "");
    }

    /** Moves only when it is told to. */
    private static final class SteppedTime implements Time {
        private long nanos = 1;

        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(nanos);
        }

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public void pause(Duration duration) {
            nanos += duration.toNanos();
        }
    }
}
