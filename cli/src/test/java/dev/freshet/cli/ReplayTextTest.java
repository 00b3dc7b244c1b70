package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.replay.BuildProgress;
import dev.freshet.ops.replay.BuildProgress.Stage;
import dev.freshet.ops.replay.DiffReport;
import dev.freshet.ops.replay.GenerationList;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;

class ReplayTextTest {
    private final Generation live = generation(1, GenerationState.LIVE);
    private final Generation next = generation(2, GenerationState.BUILDING);

    @Test
    void progressHasABarARateAndTheTimeThatIsLeft() {
        BuildProgress half = new BuildProgress(2, Stage.READING, 50_000, 100_000, "not complete");
        assertThat(ReplayText.progress(half, 500))
                .isEqualTo("generation 2 [############............]  50% reading the log: 50,000 of 100,000, 500/s,"
                        + " 1m 40s left");
        assertThat(ReplayText.progress(half, 0)).endsWith("50,000 of 100,000");
        assertThat(ReplayText.progress(new BuildProgress(2, Stage.COMPLETE, 1, 1, null), 7))
                .isEqualTo("generation 2 [########################] 100% complete");
    }

    @Test
    void aDifferenceIsToldByFeatureWithSamples() {
        DiffReport report = new DiffReport(
                1_000,
                1,
                0,
                new DiffReport.Differing(2, new TreeMap<>(Map.of("avg_order_value", 2L, "order_count_7d", 0L))),
                3,
                List.of(new DiffReport.Sample("7", "avg_order_value", "1.5", null)));
        assertThat(ReplayText.lines(live, next, report))
                .containsExactly(
                        "generation 1 and generation 2: 1,000 users compared, 3 differ",
                        "  1 users only in generation 1",
                        "  2 users differ in avg_order_value",
                        "  3 users changed at every look, and nothing is said of them",
                        "  user 7: avg_order_value is 1.5 in generation 1, and NULL in generation 2");
        assertThat(ReplayText.json(live, next, report))
                .contains(
                        "\"differences\" : 3",
                        "\"doubtful_share\" : 0.006",
                        "\"avg_order_value\" : 2",
                        "\"other\" : null");
    }

    @Test
    void generationsAreListedWithTheBuildsProgress() {
        Instant begun = Instant.parse("2026-03-31T12:00:00Z");
        List<GenerationList.Entry> entries = List.of(
                new GenerationList.Entry(live, begun, begun, "0/16E9058", begun),
                new GenerationList.Entry(next, begun, null, null, null));
        List<BuildProgress> builds = List.of(new BuildProgress(2, Stage.WRITING, 1, 4, "0 of 3 partitions"));
        assertThat(ReplayText.lines(entries, builds))
                .containsExactly(
                        "generation 1  live       epoch 1  log g1  begun 2026-03-31T12:00:00Z  complete through 0/16E9058 of"
                                + " 2026-03-31T12:00:00Z",
                        "generation 2  building   epoch 1  log g1  begun 2026-03-31T12:00:00Z",
                        "  generation 2 [######..................]  25% writing the table: 1 of 4");
        assertThat(ReplayText.json(entries, builds))
                .contains("\"stage\" : \"writing\"", "\"lsn\" : \"0/16E9058\"", "\"obstacle\" : \"0 of 3 partitions\"");
    }

    private static Generation generation(int number, GenerationState state) {
        return new Generation(number, state, 1, new Generation.Log(1, 3, "source"), false, "");
    }
}
