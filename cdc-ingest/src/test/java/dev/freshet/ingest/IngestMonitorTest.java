package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import dev.freshet.ingest.source.SlotUse;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.monitoring.Reason;
import dev.freshet.runtime.monitoring.Reason.Code;
import dev.freshet.runtime.time.Micros;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.change.Table;

class IngestMonitorTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final IngestProgress progress = new IngestProgress();
    private final IngestMonitor monitor = new IngestMonitor(
            FreshetConfig.of(Map.of(
                    "source.url", "jdbc:postgresql://localhost:1/shop",
                    "source.user", "a",
                    "target.url", "jdbc:postgresql://localhost:1/shop",
                    "target.user", "a",
                    "kafka.bootstrap.servers", "localhost:1",
                    "schema.registry.url", "http://localhost:1",
                    "monitoring.max.age.ms", "5000")),
            progress,
            new Fixed());

    @Test
    void itTellsWhatItDoesUntilItFollowsTheSource() {
        assertThat(codes()).containsExactly(Code.STARTING);
        progress.enter(IngestProgress.Phase.STANDING_BY);
        assertThat(codes()).containsExactly(Code.STANDBY);
        progress.enter(IngestProgress.Phase.PREPARING);
        assertThat(codes()).containsExactly(Code.STARTING);
        LogProgress first = progress.begin(log(1, GenerationState.BUILDING, true));
        first.enter(IngestProgress.Phase.SNAPSHOT);
        first.estimate(Table.USERS, 2_000);
        first.snapshotRow(Table.USERS);
        assertThat(monitor.reasons())
                .containsExactly(new Reason(Code.SNAPSHOT, "ingest reads the tables: 1 of about 2,000 rows"));
        first.enter(IngestProgress.Phase.STREAMING);
        assertThat(codes()).containsExactly(Code.STARTING);
        first.ticked(1, Micros.of(NOW));
        assertThat(codes()).isEmpty();
        progress.enter(IngestProgress.Phase.ENDED);
        assertThat(codes()).containsExactly(Code.ENDED);
    }

    @Test
    void itIsBehindOnceTheNewestTickIsOlderThanTheSetting() {
        LogProgress live = streaming(log(1, GenerationState.LIVE, true), NOW.minusSeconds(5));
        assertThat(codes()).isEmpty();
        live.ticked(2, Micros.of(NOW.minusSeconds(5)) - 1_000);
        assertThat(codes()).containsExactly(Code.BEHIND);
    }

    @Test
    void aLogThatIsOnlyBeingBuiltMayBeBehindAndNoOther() {
        streaming(log(1, GenerationState.LIVE, true), NOW);
        streaming(log(2, GenerationState.BUILDING, false), NOW.minusSeconds(50));
        assertThat(codes()).isEmpty();
        progress.see(List.of(log(1, GenerationState.STANDBY, true), log(2, GenerationState.LIVE, false)));
        assertThat(codes()).containsExactly(Code.BEHIND);
        progress.see(List.of(log(1, GenerationState.LIVE, true), log(2, GenerationState.STANDBY, false)));
        assertThat(codes()).containsExactly(Code.BEHIND);
        progress.end(2);
        assertThat(codes()).isEmpty();
    }

    @Test
    void agesAndSlotsAreToldOfEachLog() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        monitor.measure(meters);
        assertThat(meters.get("freshet.tick.age").tag("log", "none").gauge().value())
                .isNaN();
        streaming(log(1, GenerationState.LIVE, true), NOW.minusSeconds(1));
        streaming(log(2, GenerationState.STANDBY, false), NOW.minusSeconds(50));
        streaming(log(3, GenerationState.BUILDING, false), NOW.minusSeconds(70));
        monitor.found(Map.of(1, new SlotUse(1_000, false), 2, new SlotUse(2_000, false)));
        assertThat(meters.get("freshet.tick.age").gauges()).hasSize(2);
        assertThat(meters.get("freshet.tick.age").tag("log", "2").gauge().value())
                .isEqualTo(50);
        assertThat(meters.get("freshet.slot.retained").tag("log", "1").gauge().value())
                .isEqualTo(1_000);
    }

    private LogProgress streaming(Generation log, Instant tick) {
        progress.enter(IngestProgress.Phase.PREPARING);
        LogProgress begun = progress.begin(log);
        begun.enter(IngestProgress.Phase.STREAMING);
        begun.ticked(1, Micros.of(tick));
        return begun;
    }

    private static Generation log(int number, GenerationState state, boolean livesByItself) {
        return new Generation(number, state, 0, new Generation.Log(number, 4, "source"), livesByItself, "");
    }

    @Test
    void aLostSlotIsToldWhoeverReadsIt() {
        progress.enter(IngestProgress.Phase.STANDING_BY);
        monitor.found(Map.of(1, new SlotUse(1_000, false)));
        assertThat(codes()).containsExactly(Code.STANDBY);
        monitor.found(Map.of(1, new SlotUse(1_000, false), 2, new SlotUse(0, true)));
        assertThat(codes()).containsExactly(Code.STANDBY, Code.SLOT_LOST);
        monitor.found(Map.of());
        assertThat(codes()).containsExactly(Code.STANDBY);
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
