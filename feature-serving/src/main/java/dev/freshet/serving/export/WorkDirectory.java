package dev.freshet.serving.export;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of the export's own, beside its output: so that there is room for both, and the output comes under its name in one
 * step. It is deleted with all that is in it, by the next export if its own was killed.
 */
final class WorkDirectory implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WorkDirectory.class);
    private static final String PREFIX = ".freshet-export-";

    /** DuckDB takes a path with one of these for a pattern, or for the beginning of its options. */
    private static final String PATTERN = "*?[;";

    private final Path parent;
    private final Path path;
    private final Optional<WorkLock> lock;
    private long most;

    private WorkDirectory(Path parent, Path path, Optional<WorkLock> lock) {
        this.parent = parent;
        this.path = path;
        this.lock = lock;
    }

    /** @throws ExportRefusedException if there can be none */
    static WorkDirectory in(Path parent) {
        String name = parent.toString();
        if (name.chars().anyMatch(character -> PATTERN.indexOf(character) >= 0)) {
            throw new ExportRefusedException(
                    "--out: the directory " + parent + " has one of " + PATTERN + " in its name: choose another");
        }
        deleteAbandoned(parent);
        try {
            Path path = Files.createTempDirectory(parent, PREFIX);
            try {
                return new WorkDirectory(parent, path, WorkLock.take(path));
            } catch (IOException e) {
                delete(path);
                throw e;
            }
        } catch (IOException e) {
            throw new ExportRefusedException("--out: nothing can be written to the directory " + parent, e);
        }
    }

    private static void deleteAbandoned(Path parent) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path one : all) {
                if (Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS)) {
                    deleteIfAbandoned(one);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            log.debug("could not read directory={}", parent, e);
        }
    }

    private static void deleteIfAbandoned(Path directory) {
        Optional<WorkLock> held = WorkLock.ofAbandoned(directory);
        if (held.isEmpty()) {
            return;
        }
        try (WorkLock lock = held.get()) {
            // Its own export may have ended, and deleted it, meanwhile.
            if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                delete(directory);
                log.info("deleted what an export left that was killed directory={}", directory);
            }
        } catch (IOException | UncheckedIOException e) {
            log.warn("could not delete what an export left that was killed directory={}", directory, e);
        }
    }

    /** Until it is closed, something is written there. */
    interface Writing extends AutoCloseable {
        @Override
        void close();
    }

    /** At its end, what is there then counts for {@link #most()}, whoever deletes it afterwards. */
    Writing writing() {
        return () -> most = Math.max(most, bytes());
    }

    /** How many bytes were there at once, as far as that is known. */
    long most() {
        return Math.max(most, bytes());
    }

    private long bytes() {
        long bytes = 0;
        try (Stream<Path> all = Files.walk(path)) {
            // One by one: what is deleted meanwhile does not count, but what was seen before it does.
            for (Path one : (Iterable<Path>) all::iterator) {
                File file = one.toFile();
                bytes += file.isFile() ? file.length() : 0;
            }
        } catch (IOException | UncheckedIOException e) {
            log.debug("could not read directory={}", path, e);
        }
        return bytes;
    }

    Path file(String name) {
        return path.resolve(name);
    }

    Path path() {
        return path;
    }

    /** Where the output comes to. */
    Path parent() {
        return parent;
    }

    @Override
    public void close() {
        try {
            delete(path);
        } catch (IOException | UncheckedIOException e) {
            log.warn("could not delete directory={}", path, e);
        }
        lock.ifPresent(WorkLock::close);
    }

    /** The lock at last: what is left until then, the next export can delete. */
    private static void delete(Path directory) throws IOException {
        Path lock = WorkLock.file(directory);
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(directory)) {
            deepestFirst = all.filter(one -> !one.equals(lock) && !one.equals(directory))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        for (Path one : deepestFirst) {
            Files.deleteIfExists(one);
        }
        Files.deleteIfExists(lock);
        Files.deleteIfExists(directory);
    }
}
