package dev.freshet.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import dev.freshet.runtime.config.DatabaseLogin;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.InfoFile;
import dev.freshet.runtime.config.Secret;

/** Servers that there are not, for what does not ask them. */
public final class NothingThere {
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

    /** Writes what a demo with these servers would. */
    public static void writeInfo(Path file, Map<String, Object> more) throws IOException {
        new InfoFile(
                        new DatabaseLogin("jdbc:postgresql://localhost:1/shop", "reader", new Secret("none")),
                        "localhost:1",
                        "http://localhost:1",
                        file.resolveSibling("state"),
                        more)
                .write(file);
    }
}
