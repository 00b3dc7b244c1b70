package dev.freshet.ingest.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TicksTest {
    private long now = -5;
    private final Ticks ticks = new Ticks(4, Duration.ofMillis(50), () -> now);

    private void pass(long millis) {
        now += Duration.ofMillis(millis).toNanos();
    }

    @Test
    void theFirstTickGoesToEveryPartition() {
        assertThat(ticks.due().stream()).containsExactly(0, 1, 2, 3);
        assertThat(ticks.due().stream()).isEmpty();
    }

    @Test
    void betweenTwoOfTheseOnlyTouchedPartitionsAreTicked() {
        ticks.due();
        ticks.touch(2);
        pass(49);
        assertThat(ticks.due().stream()).containsExactly(2);
        pass(1);
        assertThat(ticks.due().stream()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void aControlTouchesEveryPartition() {
        ticks.due();
        ticks.touchAll();
        assertThat(ticks.due().stream()).containsExactly(0, 1, 2, 3);
    }
}
