package dev.freshet.testkit.servers;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second run off a data directory whose owner is alive: it would take that owner's servers for left-behind ones. The
 * system drops the lock with the process, also after kill -9.
 */
final class DataDirectoryLock {
    private final Path file;
    private @Nullable FileChannel channel;

    DataDirectoryLock(Path dataDirectory) {
        this.file = dataDirectory.resolve("lock");
    }

    /** Takes it, or keeps it; {@link ServerStartException} when another run has it. */
    synchronized void acquire() {
        if (channel != null) {
            return;
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileChannel opened = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(opened) == null) {
                opened.close();
                throw new ServerStartException(
                        file.toAbsolutePath().getParent()
                                + " is in use by another run that is still alive: end that one, or use another directory",
                        null);
            }
            channel = opened;
        } catch (IOException e) {
            throw new ServerStartException("cannot lock " + file, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel opened) throws IOException {
        try {
            return opened.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    synchronized void release() {
        try {
            if (channel != null) {
                channel.close();
                channel = null;
            }
        } catch (IOException e) {
            throw new ServerStartException("cannot unlock " + file, e);
        }
    }
}
