package dev.freshet.cli;

import java.util.HashMap;
import java.util.Map;

import dev.freshet.runtime.config.FreshetConfig;

/** A configuration of servers that there are not, for what does not ask them. */
final class NothingThere {
    private NothingThere() {}

    static FreshetConfig config(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "source.url", "jdbc:postgresql://localhost:1/shop",
                "source.user", "reader",
                "target.url", "jdbc:postgresql://localhost:1/shop",
                "target.user", "writer",
                "kafka.bootstrap.servers", "localhost:1",
                "schema.registry.url", "http://localhost:1",
                "streams.state.dir", "/nowhere"));
        settings.putAll(more);
        return FreshetConfig.of(settings);
    }
}
