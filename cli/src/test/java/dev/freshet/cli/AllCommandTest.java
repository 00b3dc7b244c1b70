package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.lifecycle.Service;

class AllCommandTest {
    /** No server is needed: nothing is started. */
    private static List<String> services(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "source.url", "jdbc:postgresql://localhost:1/shop",
                "source.user", "reader",
                "target.url", "jdbc:postgresql://localhost:1/shop",
                "target.user", "writer",
                "kafka.bootstrap.servers", "localhost:1",
                "schema.registry.url", "http://localhost:1",
                "streams.state.dir", "/nowhere"));
        settings.putAll(more);
        return new AllCommand()
                .services(FreshetConfig.of(settings)).stream()
                        .map(Service::name)
                        .toList();
    }

    @Test
    void itComparesWithTheTruthOnlyWhereAnIntervalIsSet() {
        assertThat(services(Map.of("reconcile.interval", "1h")))
                .containsExactly("streams", "sink", "ingest", "reconcile");
        assertThat(services(Map.of("reconcile.interval", "off"))).containsExactly("streams", "sink", "ingest");
        assertThat(services(Map.of())).containsExactly("streams", "sink", "ingest");
    }
}
