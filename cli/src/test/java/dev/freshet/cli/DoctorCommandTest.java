package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.erase.ErasureChecks;
import dev.freshet.runtime.check.Checks;
import dev.freshet.runtime.check.KafkaChecks;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.time.Time;

class DoctorCommandTest {
    /** Else settings that are left to the erasure would stay unmended until the next call. */
    @Test
    void whatAnErasureHasAlteredIsPutBackBeforeTopicsAreMended() {
        FreshetConfig nothingThere = FreshetConfig.of(Map.of(
                "source.url", "jdbc:postgresql://localhost:1/shop",
                "source.user", "reader",
                "target.url", "jdbc:postgresql://localhost:1/shop",
                "target.user", "writer",
                "kafka.bootstrap.servers", "localhost:1",
                "schema.registry.url", "http://localhost:1",
                "streams.state.dir", "/nowhere"));
        List<? extends Class<? extends Checks>> order = DoctorCommand.checks(nothingThere, Time.system()).stream()
                .map(Checks::getClass)
                .toList();
        assertThat(order.indexOf(ErasureChecks.class)).isNotNegative().isLessThan(order.indexOf(KafkaChecks.class));
    }
}
