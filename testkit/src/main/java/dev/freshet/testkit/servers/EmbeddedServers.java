package dev.freshet.testkit.servers;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

import dev.freshet.testkit.servers.StartupEvent.Step;

/**
 * PostgreSQL, Kafka and the registry with their data in one directory. Closing stops what runs. The processes outlive a JVM that
 * is killed; the next start on the same directory stops them and goes on with their data.
 */
public final class EmbeddedServers implements AutoCloseable {
    private static final String REGISTRY_DATABASE = "registry";

    private final DataDirectoryLock lock;
    private final PostgresServer postgres;
    private final KafkaServer kafka;
    private final RegistryServer registry;

    /**
     * Servers that are not started yet.
     *
     * @param portBase 0 for free ports; else PostgreSQL listens on this one, Kafka on the next two (broker, controller) and the
     *     registry on the one after
     */
    public EmbeddedServers(Path dataDirectory, int portBase) {
        this(
                dataDirectory,
                new PostgresServer(dataDirectory.resolve("postgres"), port(portBase, 0)),
                new KafkaServer(dataDirectory.resolve("kafka"), port(portBase, 1), port(portBase, 2)),
                port(portBase, 3));
    }

    /** These two and a registry, not started yet. All have their data below the directory. */
    public EmbeddedServers(Path dataDirectory, PostgresServer postgres, KafkaServer kafka) {
        this(dataDirectory, postgres, kafka, 0);
    }

    private EmbeddedServers(Path dataDirectory, PostgresServer postgres, KafkaServer kafka, int registryPort) {
        lock = new DataDirectoryLock(dataDirectory);
        this.postgres = postgres;
        this.kafka = kafka;
        registry = new RegistryServer(dataDirectory.resolve("registry"), registryPort, postgres, REGISTRY_DATABASE);
    }

    private static int port(int base, int offset) {
        return base == 0 ? 0 : base + offset;
    }

    /** Starts all of them on free ports. */
    public static EmbeddedServers start(Path dataDirectory) {
        EmbeddedServers servers = new EmbeddedServers(dataDirectory, 0);
        servers.start(event -> {});
        return servers;
    }

    /**
     * Starts all of them, as parallel as they allow, and returns when all serve. When one fails the others are stopped, and a
     * {@link ServerStartException} tells why; also when a run that is alive has this data directory.
     *
     * @param progress called from several threads
     */
    public void start(Consumer<StartupEvent> progress) {
        lock.acquire();
        CompletableFuture<Void> broker = CompletableFuture.runAsync(() -> start(kafka, progress), EmbeddedServers::run);
        CompletableFuture<Void> schemas = CompletableFuture.runAsync(
                () -> {
                    start(postgres, progress);
                    start(registry, progress);
                },
                EmbeddedServers::run);
        try {
            CompletableFuture.allOf(broker, schemas).join();
        } catch (CompletionException e) {
            stop();
            throw e.getCause() instanceof ServerStartException failed ? failed : e;
        }
    }

    private static void run(Runnable starting) {
        Thread thread = new Thread(starting, "server-start");
        thread.setDaemon(true);
        thread.start();
    }

    private static void start(EmbeddedServer server, Consumer<StartupEvent> progress) {
        progress.accept(new StartupEvent(server.name(), Step.STARTING));
        try {
            server.start();
            progress.accept(new StartupEvent(server.name(), Step.READY));
        } catch (RuntimeException e) {
            progress.accept(new StartupEvent(server.name(), Step.FAILED));
            throw e;
        }
    }

    /**
     * Makes the servers stop when this JVM ends other than by kill -9. Shutdown hooks run side by side: a program whose own hook
     * still needs the servers calls {@link #close()} at that hook's end instead.
     */
    public EmbeddedServers stopAtJvmEnd() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "server-stop"));
        return this;
    }

    /** Stops those that run: users of PostgreSQL before PostgreSQL. */
    public void stop() {
        CompletableFuture<Void> broker = CompletableFuture.runAsync(kafka::stop, EmbeddedServers::run);
        registry.stop();
        postgres.stop();
        broker.join();
        lock.release();
    }

    /** Stops processes that a killed run left behind in this directory, without starting anything. */
    public void stopLeftBehind() {
        registry.stopLeftBehind();
        kafka.stopLeftBehind();
        postgres.stopLeftBehind();
    }

    /** kill -9 for all of them, as when the machine stops. */
    public void killHard() {
        List.of(registry, kafka, postgres).forEach(EmbeddedServer::killHard);
    }

    public PostgresServer postgres() {
        return postgres;
    }

    public KafkaServer kafka() {
        return kafka;
    }

    public RegistryServer registry() {
        return registry;
    }

    @Override
    public void close() {
        stop();
    }
}
