package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.time.Time;

class FailuresTest {
    private final AtomicLong nanos = new AtomicLong(7);
    private final LogProgress progress = new LogProgress(2, new IngestProgress());
    private final Failures failures = new Failures(progress, new Time() {
        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            return nanos.get();
        }

        @Override
        public void pause(Duration duration) {
            nanos.addAndGet(duration.toNanos());
        }
    });

    private boolean mayPassAfter(Duration duration) {
        nanos.addAndGet(duration.toNanos());
        return failures.mayPass();
    }

    @Test
    void whatFailsForTenMinutesWithoutGettingOnDoesNotPass() {
        assertThat(mayPassAfter(Duration.ZERO)).isTrue();
        assertThat(mayPassAfter(Duration.ofMinutes(9))).isTrue();
        assertThat(mayPassAfter(Duration.ofMinutes(1))).isFalse();
    }

    @Test
    void aLogThatGetsOnNowAndThenMayFailForEver() {
        for (int tick = 1; tick <= 100; tick++) {
            progress.ticked(tick, tick);
            assertThat(mayPassAfter(Duration.ofHours(1))).isTrue();
        }
        assertThat(mayPassAfter(Duration.ofMinutes(10))).isFalse();
    }
}
