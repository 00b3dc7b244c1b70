package dev.freshet.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

import dev.freshet.e2e.process.JvmOptions;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.schemas.Names;
import dev.freshet.testkit.process.ChildJvm;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.EmbeddedServers;

/** The three processes of one shop, each in a JVM of its own, as they are deployed. */
final class Deployment implements AutoCloseable {
    enum Part {
        INGEST,
        STREAMS,
        SINK;

        String command() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final int PARTITIONS = 4;

    private static final String HEAP = "-Xmx512m";
    private static final Duration STOPPING = Duration.ofSeconds(40);

    private final Path directory;
    private final Path yaml;
    private final Map<Part, ChildJvm> running = new EnumMap<>(Part.class);

    private Deployment(Path directory, Path yaml) {
        this.directory = directory;
        this.yaml = yaml;
    }

    /** Configures the processes for a database that is both source and target, and starts none of them. */
    static Deployment of(String name, EmbeddedServers servers, Database database, Path directory) throws IOException {
        Files.createDirectories(directory);
        Path yaml = Files.writeString(directory.resolve("freshet.yaml"), """
                name: %1$s
                secrets.readable.by.all: true
                source: {url: "%2$s", user: %3$s, password: "%4$s", setup: true}
                target: {url: "%2$s", user: %3$s, password: "%4$s"}
                kafka: {bootstrap.servers: "%5$s", partitions: %6$d}
                schema.registry.url: %7$s
                streams: {state.dir: "%8$s", instance.id: one}
                sink: {instance.id: one}
                monitoring.port: 0
                """.formatted(
                        name,
                        database.jdbcUrl(),
                        database.user(),
                        database.password(),
                        servers.kafka().bootstrapServers(),
                        PARTITIONS,
                        servers.registry().url(),
                        directory.resolve("state")));
        return new Deployment(directory, yaml);
    }

    FreshetConfig config() {
        return FreshetConfig.load(yaml);
    }

    Names names() {
        return config().names();
    }

    Path yaml() {
        return yaml;
    }

    Path directory() {
        return directory;
    }

    /** Of each child JVM: those that it is deployed with, and a heap. */
    static String[] jvmOptions() {
        return JvmOptions.deployed(HEAP);
    }

    void startAll() {
        for (Part part : Part.values()) {
            start(part);
        }
    }

    void start(Part part) {
        running.put(
                part,
                ChildJvm.running("dev.freshet.cli.Freshet")
                        .jvmOptions(jvmOptions())
                        .arguments(part.command(), "--config", yaml.toString())
                        .output(directory.resolve(part.command() + ".log"))
                        .start());
    }

    ChildJvm process(Part part) {
        ChildJvm process = running.get(part);
        if (process == null) {
            throw new IllegalStateException(part + " was not started");
        }
        return process;
    }

    void stop(Part part) {
        process(part).stop(STOPPING);
        running.remove(part);
    }

    /** The end of what a process that has ended printed; empty while all run. */
    String obituary() {
        StringBuilder text = new StringBuilder();
        running.forEach((part, process) -> {
            if (!process.isAlive()) {
                String output = process.output();
                text.append("; ")
                        .append(part.command())
                        .append(" has ended: ")
                        .append(output.substring(Math.max(0, output.length() - 2_000)));
            }
        });
        return text.toString();
    }

    @Override
    public void close() {
        running.values().forEach(ChildJvm::resume); // one that is paused would not hear that it is to stop
        running.values().forEach(process -> process.process().signal("TERM"));
        running.values().forEach(process -> process.stop(STOPPING));
        running.clear();
    }
}
