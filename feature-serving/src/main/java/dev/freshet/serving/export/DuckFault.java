package dev.freshet.serving.export;

import java.util.stream.Collectors;

/** What DuckDB says of a failure. */
final class DuckFault {
    private static final int TOLD = 3;

    private DuckFault() {}

    /** The first lines of it, without those that tell of DuckDB's options. */
    static String message(Exception failure) {
        return String.valueOf(failure.getMessage())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .limit(TOLD)
                .collect(Collectors.joining(" "));
    }
}
