package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.schemas.record.IngestPosition;

class GenerationChoiceTest {
    @Test
    void theCureBeginsTheNextGenerationFromTheSourceThatIsReadNow() {
        Generation made = new Generation(4, GenerationState.LIVE, 1, 8, "restored-away", "");
        assertThat(GenerationChoice.byHand(made, new IngestPosition.Source("read-now", 2)))
                .contains("VALUES (5, 'building', 8, 'read-now');")
                .doesNotContain("restored-away");
    }
}
