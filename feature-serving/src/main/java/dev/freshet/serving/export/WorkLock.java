package dev.freshet.serving.export;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Held as long as an export is at work in its directory, and by the operating system: however its process ends, the next one sees that
 * it has. Where the file system knows no locks there is no file, and the directory is nobody's to delete.
 */
final class WorkLock implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WorkLock.class);
    private static final String NAME = "lock";

    /** Those of this JVM, which may not open them once more: to close that would give them up. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private WorkLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static Path file(Path directory) {
        return directory.resolve(NAME);
    }

    /** For a new directory. Empty if there are no locks there. */
    static Optional<WorkLock> take(Path directory) throws IOException {
        Path file = file(directory);
        Path unlocked = directory.resolve(NAME + ".new");
        FileChannel channel = FileChannel.open(unlocked, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        HELD.add(file);
        WorkLock lock = new WorkLock(file, channel);
        try {
            channel.lock();
            // Whoever sees it under its name sees it locked.
            Files.move(unlocked, file, StandardCopyOption.ATOMIC_MOVE);
            return Optional.of(lock);
        } catch (IOException e) {
            log.debug("no lock can be had directory={}", directory, e);
            Files.deleteIfExists(unlocked);
            lock.close();
            return Optional.empty();
        }
    }

    /** That of a directory whose export is gone; empty if it is not, and where nobody can tell. */
    static Optional<WorkLock> ofAbandoned(Path directory) {
        Path file = file(directory);
        if (!HELD.add(file)) {
            return Optional.empty();
        }
        try {
            WorkLock lock =
                    new WorkLock(file, FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
            if (lock.isFree()) {
                return Optional.of(lock);
            }
            lock.close();
        } catch (IOException e) {
            log.debug("not known to be abandoned directory={}", directory, e);
            HELD.remove(file);
        }
        return Optional.empty();
    }

    /** If so, it is held from now on. */
    private boolean isFree() {
        try {
            return channel.tryLock() != null;
        } catch (IOException | OverlappingFileLockException e) {
            log.debug("not known to be free file={}", file, e);
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("could not close file={}", file, e);
        }
        HELD.remove(file);
    }
}
