package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.time.Time;
import dev.freshet.serving.lookup.Answer;
import dev.freshet.serving.lookup.CompleteThrough;
import dev.freshet.serving.lookup.SourceClock;

/** With a source that has not answered yet: by the target's clock, and a second more. */
class TableAgeTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Offset<Double> MILLI = within(0.001);

    private final PassingTime time = new PassingTime();
    private final TableAge age = new TableAge(
            new SourceClock(
                    FreshetConfig.of(Map.of(
                            "source.url", "jdbc:postgresql://127.0.0.1:1/shop",
                            "source.user", "nobody",
                            "source.password", "none",
                            "target.url", "jdbc:postgresql://127.0.0.1:1/features",
                            "target.user", "nobody",
                            "target.password", "none",
                            "kafka.bootstrap.servers", "localhost:1",
                            "schema.registry.url", "http://localhost:1")),
                    time),
            time);

    private static final class PassingTime implements Time {
        private long nanos;

        @Override
        public Instant now() {
            return NOON.plusNanos(nanos);
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

    /** Read now, when the table was so far behind. */
    private Answer answer(Duration behind) {
        Instant now = time.now();
        return new Answer(new CompleteThrough(1, 1, now.minus(behind)), Map.of(), now, time.nanoTime());
    }

    @Test
    void beforeAnythingWasReadNothingIsKnown() {
        assertThat(age.seconds()).isNaN();
    }

    @Test
    void whileNobodyReadsItGrowsWithTheClock() {
        age.see(answer(Duration.ofMillis(250)));
        assertThat(age.seconds()).isEqualTo(1.25, MILLI);

        time.pause(Duration.ofSeconds(30));

        assertThat(age.seconds()).isEqualTo(31.25, MILLI);
    }

    @Test
    void whatWasReadLastCountsInWhateverOrderItIsTold() {
        Answer first = answer(Duration.ofSeconds(5));
        time.pause(Duration.ofSeconds(2));
        Answer second = answer(Duration.ofSeconds(0));

        age.see(second);
        age.see(first);

        assertThat(age.seconds()).isEqualTo(1, MILLI);
    }
}
