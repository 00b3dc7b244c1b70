package dev.freshet.serving.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of the export's own, beside its output: so that there is room for both, and the output comes under its name in one
 * step. It is deleted with all that is in it.
 */
final class WorkDirectory implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WorkDirectory.class);
    private static final String PREFIX = ".freshet-export-";

    /** DuckDB takes a path with one of these for a pattern, or for the beginning of its options. */
    private static final String PATTERN = "*?[;";

    private final Path path;

    private WorkDirectory(Path path) {
        this.path = path;
    }

    /** @throws ExportRefusedException if there can be none */
    static WorkDirectory in(Path parent) {
        String name = parent.toString();
        if (name.chars().anyMatch(character -> PATTERN.indexOf(character) >= 0)) {
            throw new ExportRefusedException(
                    "--out: the directory " + parent + " has one of " + PATTERN + " in its name: choose another");
        }
        try {
            return new WorkDirectory(Files.createTempDirectory(parent, PREFIX));
        } catch (IOException e) {
            throw new ExportRefusedException("--out: nothing can be written to the directory " + parent, e);
        }
    }

    Path file(String name) {
        return path.resolve(name);
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(path)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path one : deepestFirst) {
                Files.deleteIfExists(one);
            }
        } catch (IOException e) {
            log.warn("could not delete directory={}", path, e);
        }
    }
}
