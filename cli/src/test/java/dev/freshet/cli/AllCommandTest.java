package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.lifecycle.Service;

class AllCommandTest {
    /** No server is needed: nothing is started. */
    private static List<String> services(Map<String, String> more) {
        return new AllCommand()
                .services(NothingThere.config(more)).stream().map(Service::name).toList();
    }

    @Test
    void itComparesWithTheTruthOnlyWhereAnIntervalIsSet() {
        assertThat(services(Map.of("reconcile.interval", "1h")))
                .containsExactly("streams", "sink", "ingest", "reconcile");
        assertThat(services(Map.of("reconcile.interval", "off"))).containsExactly("streams", "sink", "ingest");
        assertThat(services(Map.of())).containsExactly("streams", "sink", "ingest");
    }
}
