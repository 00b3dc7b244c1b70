package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import dev.freshet.ingest.source.SlotUse;
import dev.freshet.runtime.config.FreshetConfig;
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
        progress.enter(IngestProgress.Phase.SNAPSHOT);
        progress.estimate(Table.USERS, 2_000);
        progress.snapshotRow(Table.USERS);
        assertThat(monitor.reasons())
                .containsExactly(new Reason(Code.SNAPSHOT, "ingest reads the tables: 1 of about 2,000 rows"));
        progress.enter(IngestProgress.Phase.STREAMING);
        assertThat(codes()).containsExactly(Code.STARTING);
        progress.ticked(1, Micros.of(NOW));
        assertThat(codes()).isEmpty();
        progress.enter(IngestProgress.Phase.ENDED);
        assertThat(codes()).containsExactly(Code.ENDED);
    }

    @Test
    void itIsBehindOnceTheNewestTickIsOlderThanTheSetting() {
        progress.enter(IngestProgress.Phase.STREAMING);
        progress.ticked(1, Micros.of(NOW.minusSeconds(5)));
        assertThat(codes()).isEmpty();
        progress.ticked(2, Micros.of(NOW.minusSeconds(5)) - 1_000);
        assertThat(codes()).containsExactly(Code.BEHIND);
    }

    @Test
    void aLostSlotIsToldWhoeverReadsIt() {
        progress.enter(IngestProgress.Phase.STANDING_BY);
        monitor.found(Optional.of(new SlotUse(1_000, false)));
        assertThat(codes()).containsExactly(Code.STANDBY);
        monitor.found(Optional.of(new SlotUse(0, true)));
        assertThat(codes()).containsExactly(Code.STANDBY, Code.SLOT_LOST);
        monitor.found(Optional.empty());
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
