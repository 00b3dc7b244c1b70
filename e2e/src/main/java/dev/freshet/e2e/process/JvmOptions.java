package dev.freshet.e2e.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Of Freshet's processes. */
public final class JvmOptions {
    private JvmOptions() {}

    /** Those that they are deployed with, and a heap. */
    public static String[] deployed(String heap) {
        Path file = Path.of(System.getProperty("freshet.jvm.options", "../deploy/jvm.options"));
        try (Stream<String> lines = Files.lines(file)) {
            Stream<String> deployed = lines.filter(line -> line.startsWith("-"));
            return Stream.concat(deployed, Stream.of(heap)).toArray(String[]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
