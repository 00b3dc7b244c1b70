package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.erase.ErasureChecks;
import dev.freshet.runtime.check.Checks;
import dev.freshet.runtime.check.KafkaChecks;
import dev.freshet.runtime.time.Time;

class DoctorCommandTest {
    /** Else settings that are left to the erasure would stay unmended until the next call. */
    @Test
    void whatAnErasureHasAlteredIsPutBackBeforeTopicsAreMended() {
        List<? extends Class<? extends Checks>> order =
                DoctorCommand.checks(NothingThere.config(Map.of()), Time.system()).stream()
                        .map(Checks::getClass)
                        .toList();
        assertThat(order.indexOf(ErasureChecks.class)).isNotNegative().isLessThan(order.indexOf(KafkaChecks.class));
    }
}
