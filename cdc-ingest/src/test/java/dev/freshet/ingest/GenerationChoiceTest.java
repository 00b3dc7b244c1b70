package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.schemas.record.IngestPosition;

class GenerationChoiceTest {
    @Test
    void theCureBeginsTheNextGenerationFromTheSourceThatIsReadNow() {
        FreshetConfig config = FreshetConfig.of(Map.of(
                "source.url", "jdbc:postgresql://shop/orders",
                "source.user", "reader",
                "target.url", "jdbc:postgresql://features/ml",
                "target.user", "writer",
                "target.schema", "features",
                "kafka.bootstrap.servers", "broker:9092",
                "schema.registry.url", "http://registry:8081"));
        Generation made =
                new Generation(4, GenerationState.LIVE, 1, new Generation.Log(4, 8, "restored-away"), true, "");
        assertThat(new GenerationChoice(config, new IngestPosition.Source("read-now", 2)).byHand(made))
                .contains("INSERT INTO \"features\".freshet_generation (")
                .contains("VALUES ((SELECT greatest(max(generation), 0) + 1 FROM \"features\".freshet_generation),"
                        + " 'building', 8, 'read-now');")
                .doesNotContain("restored-away");
    }
}
