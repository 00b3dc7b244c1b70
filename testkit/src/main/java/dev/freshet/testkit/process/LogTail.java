package dev.freshet.testkit.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The last lines of a log file from a point on: what a message about a dead server shows. */
public final class LogTail {
    private static final int MAX_BYTES = 16_384;
    private static final int MAX_LINES = 30;

    private final Path file;
    private final long from;

    /** Begins at the file's present end, so that an earlier run's errors are not shown for this one. */
    public LogTail(Path file) throws IOException {
        this.file = file;
        this.from = Files.exists(file) ? Files.size(file) : 0;
    }

    /** The newest lines, at most 30; never throws, as it is used while reporting another error. */
    public String text() {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            log.seek(Math.max(from, log.length() - MAX_BYTES));
            byte[] bytes = new byte[(int) (log.length() - log.getFilePointer())];
            log.readFully(bytes);
            List<String> lines =
                    new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size()));
        } catch (IOException e) {
            return "(log not readable: " + e + ")";
        }
    }
}
