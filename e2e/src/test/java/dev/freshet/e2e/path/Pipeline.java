package dev.freshet.e2e.path;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.freshet.e2e.process.JvmOptions;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.testkit.process.ChildJvm;
import dev.freshet.testkit.process.ChildJvmBuilder;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.EmbeddedServers;
import dev.freshet.testkit.servers.SharedServers;

/** The three processes, each in a JVM of its own, as they are deployed. */
final class Pipeline implements AutoCloseable {
    enum Part {
        INGEST,
        STREAMS,
        SINK,
        /** The three in one JVM. */
        ALL,
        /** The one that answers lookups. */
        SERVE;

        static final List<Part> PROCESSES = List.of(INGEST, STREAMS, SINK);

        String command() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final Path directory;
    private final Path yaml;
    /** By what they run and which instance of it they are, in the order of their first start. */
    private final Map<String, ChildJvm> running = new LinkedHashMap<>();

    private final AtomicInteger commands = new AtomicInteger();

    private Pipeline(String name, Path directory, Path yaml) {
        this.name = name;
        this.directory = directory;
        this.yaml = yaml;
    }

    /** Configures the parts for a database that is both source and target, and starts none of them. */
    static Pipeline of(SharedServers servers, Database database) {
        return of(
                servers.uniqueName("path").replace('-', '_'),
                database,
                servers.kafka().bootstrapServers(),
                servers.registry().url());
    }

    /** The same on servers of the test's own. */
    static Pipeline of(EmbeddedServers servers, Database database) {
        return of(
                "own",
                database,
                servers.kafka().bootstrapServers(),
                servers.registry().url());
    }

    private static Pipeline of(String name, Database database, String bootstrapServers, String registry) {
        Path directory = Path.of(
                        "target",
                        "pipelines",
                        name + "-" + ProcessHandle.current().pid())
                .toAbsolutePath();
        try {
            Files.createDirectories(directory);
            Path yaml = Files.writeString(directory.resolve("freshet.yaml"), """
                    name: %s
                    secrets.readable.by.all: true
                    source: {url: "%s", user: %s, password: "%s", setup: true}
                    target: {url: "%s", user: %s, password: "%s"}
                    kafka: {bootstrap.servers: "%s", partitions: 3}
                    schema.registry.url: %s
                    streams: {state.dir: %s, instance.id: one}
                    sink: {instance.id: one}
                    monitoring.port: 0
                    """.formatted(
                            name,
                            database.jdbcUrl(),
                            database.user(),
                            database.password(),
                            database.jdbcUrl(),
                            database.user(),
                            database.password(),
                            bootstrapServers,
                            registry,
                            directory.resolve("state")));
            return new Pipeline(name, directory, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void startAll() {
        Part.PROCESSES.forEach(part -> start(part, Map.of()));
    }

    /** @param environment what overrides the configuration */
    void start(Part part, Map<String, String> environment) {
        start(part.command(), part, environment);
    }

    /** Starts an instance beside those that run; its number keeps its place in the groups and its state its own. */
    void start(Part part, int instance, Map<String, String> environment) {
        String id = "instance-" + instance;
        Map<String, String> own = new HashMap<>(environment);
        own.put("FRESHET_STREAMS_INSTANCE_ID", id);
        own.put("FRESHET_SINK_INSTANCE_ID", id);
        own.put(
                "FRESHET_STREAMS_STATE_DIR",
                directory.resolve("state-" + instance).toString());
        start(name(part, instance), part, own);
    }

    private void start(String name, Part part, Map<String, String> environment) {
        ChildJvmBuilder process = ChildJvm.running("dev.freshet.cli.Freshet")
                .jvmOptions(jvmOptions("-Xmx512m"))
                .arguments(part.command(), "--config", yaml.toString())
                .output(directory.resolve(name + ".log"));
        environment.forEach(process::environment);
        running.put(name, process.start());
    }

    /** Those that they are deployed with, but for time zone and language, of which tests give them others. */
    private static String[] jvmOptions(String heap) {
        return Stream.of(JvmOptions.deployed(heap))
                .filter(option -> !option.startsWith("-Duser."))
                .toArray(String[]::new);
    }

    private static String name(Part part, int instance) {
        return part.command() + "-" + instance;
    }

    /** The process of a part that was started. */
    ProcessHandle handle(Part part) {
        return ProcessHandle.of(running.get(part.command()).pid()).orElseThrow();
    }

    ChildJvm process(Part part) {
        return running.get(part.command());
    }

    /** kill -9. */
    void kill(Part part) {
        running.get(part.command()).killHard();
    }

    ChildJvm instance(Part part, int instance) {
        return running.get(name(part, instance));
    }

    /** What the parts are told. */
    FreshetConfig config() {
        return config(Map.of());
    }

    /** The same with what overrides it. */
    FreshetConfig config(Map<String, String> environment) {
        return FreshetConfig.load(yaml, environment);
    }

    /** Runs a command on it, as a person would; whoever starts it ends it. */
    ChildJvm command(String... words) {
        return command(Map.of(), words);
    }

    /** The same with what overrides the configuration. */
    ChildJvm command(Map<String, String> environment, String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--config", yaml.toString()));
        ChildJvmBuilder command = ChildJvm.running("dev.freshet.cli.Freshet")
                .jvmOptions(jvmOptions("-Xmx256m"))
                .arguments(arguments.toArray(new String[0]))
                .output(directory.resolve(commands.incrementAndGet() + "-" + words[0] + ".log"));
        environment.forEach(command::environment);
        return command.start();
    }

    /** What a command ended with, and all that it has printed. */
    record Ended(int code, String output) {}

    /** Runs one to its end. */
    Ended run(Map<String, String> environment, Duration patience, String... words) {
        try (ChildJvm command = command(environment, words)) {
            int code = command.exitCode(patience);
            return new Ended(code, command.output());
        }
    }

    /** All that the process of a part has printed. */
    String output(Part part) {
        return running.get(part.command()).output();
    }

    /** Beginning of the names of what it has in Kafka. */
    String name() {
        return name;
    }

    /** The end of what the parts printed, for a failure's message. */
    String log() {
        StringBuilder log = new StringBuilder();
        running.forEach((name, process) -> {
            String output = process.output();
            log.append("\n== ").append(name).append(process.isAlive() ? " (running)\n" : " (ended)\n");
            log.append(output.substring(Math.max(0, output.length() - 3_000)));
        });
        return log.toString();
    }

    @Override
    public void close() {
        running.values().forEach(ChildJvm::resume); // one that is paused would not hear that it is to stop
        running.values().forEach(process -> process.process().signal("TERM"));
        running.values().forEach(process -> process.stop(PATIENCE));
    }
}
