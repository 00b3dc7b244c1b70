package dev.freshet.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Processes of this machine, with their data below target, in a directory of this JVM's own. */
final class EmbeddedServerSet implements ServerSet {
    private static final Path ROOT = Path.of("target", "servers").toAbsolutePath();

    private final Path directory;
    private final EmbeddedServers servers;

    private EmbeddedServerSet(Path directory, EmbeddedServers servers) {
        this.directory = directory;
        this.servers = servers;
    }

    static EmbeddedServerSet start() {
        removeAbandoned();
        Path directory = ROOT.resolve(Long.toString(ProcessHandle.current().pid()));
        return new EmbeddedServerSet(directory, EmbeddedServers.start(directory));
    }

    @Override
    public PostgresServer postgres() {
        return servers.postgres();
    }

    @Override
    public KafkaServer kafka() {
        return servers.kafka();
    }

    @Override
    public RegistryServer registry() {
        return servers.registry();
    }

    @Override
    public void remove() {
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
