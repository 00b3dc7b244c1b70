package dev.freshet.e2e.bed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.EmbeddedServers;

/** What differs from a deployment: what makes a fault show within seconds instead of a minute, and a sweep last for some. */
final class BedConfig {
    static final int PARTITIONS = 3;

    /** Behind which an instance's partitions go to others. */
    static final Duration SESSION = Duration.ofSeconds(6);

    private BedConfig() {}

    /** The journal tells by it when a transaction committed. */
    static Map<String, String> postgresSettings() {
        return Map.of("track_commit_timestamp", "on");
    }

    static Path write(Path directory, EmbeddedServers servers, Database database) throws IOException {
        Path processes = directory.resolve("processes");
        Files.createDirectories(processes);
        return Files.writeString(processes.resolve("freshet.yaml"), """
                name: bed
                secrets.readable.by.all: true
                source: {url: "%1$s", user: %2$s, password: "%3$s", setup: true}
                target: {url: "%1$s", user: %2$s, password: "%3$s"}
                kafka: {bootstrap.servers: "%4$s", partitions: %5$d}
                schema.registry.url: %6$s
                streams: {state.dir: "%7$s", session.timeout.ms: %8$d, emit.slice: 20}
                sink: {session.timeout.ms: %8$d}
                monitoring: {port: 0, max.age.ms: 5000}
                """.formatted(
                        database.jdbcUrl(),
                        database.user(),
                        database.password(),
                        servers.kafka().bootstrapServers(),
                        PARTITIONS,
                        servers.registry().url(),
                        processes.resolve("state"),
                        SESSION.toMillis()));
    }
}
