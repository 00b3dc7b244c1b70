package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;

class FedLogsTest {
    private static Generation generation(int number, GenerationState state, int log, boolean livesByItself) {
        return new Generation(number, state, 0, new Generation.Log(log, 4, "source"), livesByItself, "");
    }

    private static List<String> of(Generation... readers) {
        return FedLogs.of(List.of(readers)).stream()
                .map(log -> log.number() + " " + log.state() + (log.isReplayBuilding() ? " build" : ""))
                .toList();
    }

    @Test
    void eachLogIsFedOnceHoweverManyReadIt() {
        assertThat(of(
                        generation(1, GenerationState.STANDBY, 1, true),
                        generation(2, GenerationState.LIVE, 1, false),
                        generation(3, GenerationState.BUILDING, 1, false)))
                .containsExactly("1 LIVE");
    }

    @Test
    void aLogIsABuildOnlyWhileNobodyElseReadsIt() {
        Generation live = generation(1, GenerationState.LIVE, 1, true);
        assertThat(of(live, generation(2, GenerationState.BUILDING, 2, false)))
                .containsExactly("1 LIVE", "2 BUILDING build");
        assertThat(of(live, generation(2, GenerationState.BUILDING, 2, true))).containsExactly("1 LIVE", "2 BUILDING");
        assertThat(of(
                        generation(1, GenerationState.STANDBY, 1, true),
                        generation(2, GenerationState.LIVE, 2, false),
                        generation(3, GenerationState.BUILDING, 2, false)))
                .containsExactly("1 STANDBY", "2 LIVE");
    }

    @Test
    void aLogWhoseFirstGenerationIsGoneIsFedForWhoeverReadsIt() {
        assertThat(of(generation(2, GenerationState.LIVE, 1, false))).containsExactly("1 LIVE");
        assertThat(of(generation(3, GenerationState.BUILDING, 1, false))).containsExactly("1 STANDBY");
    }
}
