package dev.freshet.streams;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.streams.core.ByteStore;
import dev.freshet.streams.core.Memory;

class PositionAgeTest {
    private static final Instant THEN = Instant.parse("2026-03-01T12:00:00Z");

    private final ByteStore store = Memory.store();

    @Test
    void aPositionOfSixDaysIsGoneOnFromAndAnOlderOneRefused() {
        new PositionAge(store).note(THEN.toEpochMilli());
        PositionAge resumed = new PositionAge(store);
        assertThatCode(() -> resumed.requireWithinLimit(THEN.plus(Duration.ofDays(6)), "changes", 3))
                .doesNotThrowAnyException();
        assertThatThrownBy(() ->
                        resumed.requireWithinLimit(THEN.plus(Duration.ofDays(6).plusMillis(1)), "changes", 3))
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContaining("changes-3")
                .hasMessageContaining("--from-source");
    }

    @Test
    void whoFollowsWithoutAStopIsRefusedWhatItTakesUpAWeekLate() {
        PositionAge running = new PositionAge(store);
        running.note(THEN.toEpochMilli());
        assertThatCode(() -> running.requireCompactionLag(THEN.plus(Duration.ofDays(7)), "changes", 3))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> running.requireCompactionLag(
                        THEN.plus(Duration.ofDays(7).plusMillis(1)), "changes", 3))
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContaining("older than 7 days");
        running.note(THEN.plus(Duration.ofDays(8)).toEpochMilli());
        assertThatCode(() -> running.requireCompactionLag(THEN.plus(Duration.ofDays(8)), "changes", 3))
                .doesNotThrowAnyException();
    }

    @Test
    void aTaskThatHasReadNothingHasNoAge() {
        assertThatCode(() -> new PositionAge(store).requireWithinLimit(THEN, "changes", 3))
                .doesNotThrowAnyException();
    }
}
