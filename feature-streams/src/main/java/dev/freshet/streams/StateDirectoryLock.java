package dev.freshet.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Names;

/**
 * The right to keep a deployment's state in a directory, for one process at a time; it ends with the process, however that ends. Kafka
 * Streams has a lock of its own for each job, and takes it when the instance of the same id that runs may have been fenced already.
 */
final class StateDirectoryLock implements AutoCloseable {
    /** Those of this JVM: its locks on a file end with the first of its channels that is closed, so no second one may be opened. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileLock lock;

    private StateDirectoryLock(Path file, FileLock lock) {
        this.file = file;
        this.lock = lock;
    }

    /** @throws Stop.Operator if another one of the deployment has it, or the directory cannot be written */
    static StateDirectoryLock take(Path directory, Names names) {
        try {
            Files.createDirectories(directory);
            Path file = directory.toRealPath().resolve(names.prefix() + ".lock");
            if (HELD.add(file)) {
                FileLock lock = null;
                try {
                    lock = lock(file);
                } finally {
                    if (lock == null) {
                        HELD.remove(file);
                    }
                }
                if (lock != null) {
                    return new StateDirectoryLock(file, lock);
                }
            }
        } catch (IOException e) {
            throw new Stop.Operator(
                    "cannot keep state in streams.state.dir " + directory + ": " + e,
                    "Let this user write there, or name another directory",
                    e);
        }
        throw new Stop.Operator(
                "another streams keeps its state in streams.state.dir " + directory,
                "End that one, or give this one a streams.state.dir and a streams.instance.id of its own, and to a sink beside it"
                        + " a sink.instance.id");
    }

    private static @Nullable FileLock lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
            return lock;
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
    }

    @Override
    public void close() {
        try {
            lock.acquiredBy().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            HELD.remove(file);
        }
    }
}
