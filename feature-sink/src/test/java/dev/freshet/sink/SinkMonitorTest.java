package dev.freshet.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.monitoring.Reason;
import dev.freshet.runtime.monitoring.Reason.Code;
import dev.freshet.runtime.time.Micros;
import dev.freshet.runtime.time.Time;
import dev.freshet.sink.sql.Freshness;
import dev.freshet.sink.sql.Written;

class SinkMonitorTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final SinkMeter meter = new SinkMeter();
    private final SinkMonitor monitor = new SinkMonitor(
            FreshetConfig.of(Map.of(
                    "source.url", "jdbc:postgresql://localhost:1/shop",
                    "source.user", "a",
                    "target.url", "jdbc:postgresql://localhost:1/shop",
                    "target.user", "a",
                    "kafka.bootstrap.servers", "localhost:1",
                    "schema.registry.url", "http://localhost:1",
                    "monitoring.max.age.ms", "5000")),
            meter,
            new Fixed());

    @Test
    void itIsReadyOnceReadersSeeAGenerationThatIsNotBehind() {
        assertThat(codes()).containsExactly(Code.STARTING);
        monitor.found(List.of());
        assertThat(codes()).containsExactly(Code.NO_GENERATION);
        monitor.found(List.of(building(1, NOW)));
        assertThat(codes()).containsExactly(Code.BUILDING);
        monitor.found(List.of(live(1, NOW)));
        assertThat(codes()).isEmpty();
    }

    @Test
    void itIsBehindOnceWhatReadersSeeIsOlderThanTheSetting() {
        monitor.found(List.of(live(1, NOW.minusSeconds(5))));
        assertThat(codes()).isEmpty();
        monitor.found(List.of(live(1, NOW.minusMillis(5_100))));
        assertThat(monitor.reasons()).containsExactly(new Reason(Code.BEHIND, "the table is 5.1 s behind the source"));
    }

    @Test
    void oneThatIsBeingBuiltMayBeBehind() {
        monitor.found(List.of(live(1, NOW), building(2, NOW.minusSeconds(50))));
        assertThat(codes()).isEmpty();
    }

    @Test
    void ageAndLossesAreToldOfWhatTheTargetHolds() {
        MeterRegistry meters = measured();
        assertThat(value(meters, "freshet.complete.through.age")).isNaN();
        assertThat(value(meters, "freshet.incomplete.users")).isNaN();
        assertThat(value(meters, "freshet.lost.entries")).isNaN();
        monitor.found(List.of(new Freshness(1, true, Micros.of(NOW.minusSeconds(3)), 2), building(2, NOW)));
        monitor.counted(7);
        assertThat(value(meters, "freshet.complete.through.age")).isEqualTo(3);
        assertThat(value(meters, "freshet.incomplete.users")).isEqualTo(7);
        assertThat(value(meters, "freshet.lost.entries")).isEqualTo(2);
    }

    @Test
    void whatIsNotCompleteYetHasNoAge() {
        MeterRegistry meters = measured();
        monitor.found(List.of(new Freshness(1, true, 0, 0)));
        assertThat(value(meters, "freshet.complete.through.age")).isNaN();
    }

    @Test
    void whatItHasWrittenIsCounted() {
        MeterRegistry meters = measured();
        meter.count(new Written(2, 1, 4, 5, List.of()));
        meter.count(new Written(20, 10, 40, 50, List.of()));
        assertThat(count(meters, "freshet.rows.written")).isEqualTo(33);
        assertThat(count(meters, "freshet.guard.rejected")).isEqualTo(44);
        assertThat(count(meters, "freshet.dead.letters")).isEqualTo(55);
    }

    private MeterRegistry measured() {
        MeterRegistry meters = new SimpleMeterRegistry();
        monitor.measure(meters);
        return meters;
    }

    private static double value(MeterRegistry meters, String gauge) {
        return meters.get(gauge).gauge().value();
    }

    private static double count(MeterRegistry meters, String counter) {
        return meters.get(counter).functionCounter().count();
    }

    private static Freshness live(int generation, Instant completeThrough) {
        return new Freshness(generation, true, Micros.of(completeThrough), 0);
    }

    private static Freshness building(int generation, Instant completeThrough) {
        return new Freshness(generation, false, Micros.of(completeThrough), 0);
    }

    private List<Code> codes() {
        return monitor.reasons().stream().map(Reason::code).toList();
    }

    private static final class Fixed implements Time {
        @Override
        public Instant now() {
            return NOW;
        }

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public void pause(Duration duration) {
            throw new AssertionError("nothing is waited for");
        }
    }
}
