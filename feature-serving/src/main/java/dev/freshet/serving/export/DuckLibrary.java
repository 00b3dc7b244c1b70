package dev.freshet.serving.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native library of DuckDB, 57 MB, of which its driver makes a copy in the temporary directory. It deletes that when the JVM ends,
 * but not if it is halted or killed, and nothing else can be told to it.
 */
final class DuckLibrary {
    private static final Logger log = LoggerFactory.getLogger(DuckLibrary.class);

    /** Of this process, where the system tells it: all that is in its memory, by address. */
    private static final Path MAPPED = Path.of("/proc/self/maps");

    /** As {@link Files#createTempFile} names it, with a number: not one that was installed. */
    private static final Pattern COPY = Pattern.compile("(?:\\S+ +){5}(/.*/libduckdb_java\\d+\\.so)");

    private DuckLibrary() {}

    /** Once it is loaded the file is needed no more, only what is in it. */
    static void deleteCopy() {
        if (!Files.isReadable(MAPPED)) {
            return;
        }
        try (Stream<String> lines = Files.lines(MAPPED, Charset.defaultCharset())) {
            for (String line : lines.toList()) {
                Matcher copy = COPY.matcher(line);
                if (copy.matches()) {
                    Files.deleteIfExists(Path.of(copy.group(1)));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            log.debug("could not delete the copy of DuckDB's library", e);
        }
    }
}
