package dev.freshet.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The directory that a demo keeps its data in, and what kind of shop was begun there. */
final class DataDirectory {
    private static final String MARKER = ".shop-begun";
    private static final String EMPTY = "empty";
    private static final String SEEDED = "seeded";
    /** Made by the first start: with it and no marker, the shop is older than markers are, and taken as seeded. */
    private static final String POSTGRES = "postgres";

    private DataDirectory() {}

    /** Makes what is missing, and remembers at the first start how it was begun; returns why it cannot be used. */
    static Optional<String> prepare(Path directory, boolean empty) {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            return Optional.of("--data-dir " + directory + ": is a file");
        }
        try {
            Files.createDirectories(directory);
            Path marker = directory.resolve(MARKER);
            if (!Files.exists(marker)) {
                boolean begunEmpty = empty && !Files.exists(directory.resolve(POSTGRES));
                Files.writeString(marker, begunEmpty ? EMPTY : SEEDED);
            }
            boolean begunEmpty = Files.readString(marker).strip().equals(EMPTY);
            if (empty && !begunEmpty) {
                return Optional.of("the shop in " + directory + " is not empty: use another --data-dir");
            }
            if (!empty && begunEmpty) {
                return Optional.of("the shop in " + directory
                        + " was begun with --empty: use that again, or use another --data-dir");
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("--data-dir " + directory + ": cannot be created: " + reason(e));
        }
    }

    private static String reason(IOException failure) {
        String kind = failure.getClass().getSimpleName();
        return failure.getMessage() == null ? kind : failure.getMessage() + " (" + kind + ")";
    }
}
