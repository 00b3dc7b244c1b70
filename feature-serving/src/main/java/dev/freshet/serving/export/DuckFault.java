package dev.freshet.serving.export;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.freshet.runtime.lifecycle.Stop;

/** What DuckDB's failures amount to: it has no SQLSTATE, only words. */
final class DuckFault {
    private static final int TOLD = 3;

    private DuckFault() {}

    /** What a person has to see to first; empty if it is none of that. */
    static Optional<Stop> stop(SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        String small = message.toLowerCase(Locale.ROOT);
        if (small.contains("no space left")
                || small.contains("disk full")
                || small.contains("max_temp_directory_size")) {
            return Optional.of(new Stop.Operator(
                    "the disk of --out is full: " + message(failure),
                    "Nothing was written; make room, or name a file on another disk",
                    failure));
        }
        if (small.contains("out of memory")) {
            return Optional.of(new Stop.Operator(
                    "the export needs more memory than there is: " + message(failure),
                    "Nothing was written; give the machine more, or export the labels in parts",
                    failure));
        }
        return Optional.empty();
    }

    /** The first lines of it, without those that tell of DuckDB's options. */
    static String message(SQLException failure) {
        return String.valueOf(failure.getMessage())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .limit(TOLD)
                .collect(Collectors.joining(" "));
    }
}
