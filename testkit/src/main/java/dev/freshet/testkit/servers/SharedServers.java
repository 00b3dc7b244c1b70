package dev.freshet.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One set of servers for all tests of a JVM: started at the first use, stopped and deleted when the JVM ends. Tests keep apart by
 * databases and names of their own; a test that kills a server starts its own {@link EmbeddedServers}.
 */
public final class SharedServers {
    private static final Path ROOT = Path.of("target", "servers").toAbsolutePath();
    private static @Nullable SharedServers instance;

    private final EmbeddedServers servers;
    private final AtomicInteger names = new AtomicInteger();

    private SharedServers(EmbeddedServers servers) {
        this.servers = servers;
    }

    /** The set of this JVM; a {@link ServerStartException} when it does not come up. */
    public static synchronized SharedServers get() {
        if (instance == null) {
            removeAbandoned();
            Path directory = ROOT.resolve(Long.toString(ProcessHandle.current().pid()));
            EmbeddedServers servers = EmbeddedServers.start(directory);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndDelete(servers, directory), "server-stop"));
            instance = new SharedServers(servers);
        }
        return instance;
    }

    public PostgresServer postgres() {
        return servers.postgres();
    }

    public KafkaServer kafka() {
        return servers.kafka();
    }

    public RegistryServer registry() {
        return servers.registry();
    }

    /** A new, empty database. */
    public Database newDatabase() {
        return postgres().createDatabase(uniqueName("test").replace('-', '_'));
    }

    /** A name that no other test of this JVM's servers uses: for topics, groups, application ids, subjects and slots. */
    public String uniqueName(String prefix) {
        return prefix + "-" + names.incrementAndGet();
    }

    private static void stopAndDelete(EmbeddedServers servers, Path directory) {
        servers.stop();
        try {
            Directories.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the data of the test servers", e);
        }
    }

    /** A test run that was killed leaves its servers running; the next one ends them. */
    private static void removeAbandoned() {
        if (!Files.isDirectory(ROOT)) {
            return;
        }
        try (Stream<Path> directories = Files.list(ROOT)) {
            List<Path> abandoned = directories
                    .filter(directory -> !isOfRunningJvm(directory.getFileName().toString()))
                    .toList();
            for (Path directory : abandoned) {
                EmbeddedServers servers = new EmbeddedServers(directory, 0);
                servers.stopLeftBehind();
                Directories.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the servers of an earlier test run", e);
        }
    }

    private static boolean isOfRunningJvm(String pid) {
        return pid.matches("\\d+")
                && ProcessHandle.of(Long.parseLong(pid))
                        .filter(ProcessHandle::isAlive)
                        .isPresent();
    }
}
