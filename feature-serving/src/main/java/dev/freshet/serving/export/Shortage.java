package dev.freshet.serving.export;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import dev.freshet.runtime.lifecycle.Stop;

/**
 * What a machine lacks for an export, and a person has to see to first. Neither DuckDB nor a file tells it in another way than by its
 * words.
 */
final class Shortage {
    private static final List<String> FULL =
            List.of("no space left", "disk full", "disk quota", "max_temp_directory_size");
    private static final String MEMORY = "out of memory";

    /** A file that has become too large, or a disk that fails: DuckDB's words, whatever the system's behind them are. */
    private static final List<String> UNWRITABLE =
            List.of("could not write", "could not truncate", "fsync failed", "cannot open file", "file too large");

    private static final long MEBIBYTE = 1 << 20;

    private Shortage() {}

    /** Whether it is one. What has an SQLSTATE is PostgreSQL's, whose disk is another. */
    static boolean isOne(SQLException failure) {
        String words = words(failure);
        return failure.getSQLState() == null
                && (isAny(words, FULL) || words.contains(MEMORY) || isAny(words, UNWRITABLE));
    }

    /** What to end with; empty if it is none. */
    static Optional<Stop> of(Exception failure, WorkDirectory work) {
        if (!(failure instanceof IOException || (failure instanceof SQLException sql && isOne(sql)))) {
            return Optional.empty();
        }
        String words = words(failure);
        String said = DuckFault.message(failure);
        String there = String.format(Locale.ROOT, "with %.1f MiB of the export", work.most() / (double) MEBIBYTE);
        if (isAny(words, FULL)) {
            return stop(
                    "the disk of " + work.parent() + " is full, " + there + " on it: " + said,
                    "make room, or name a file on another disk",
                    failure);
        }
        if (words.contains(MEMORY)) {
            return stop(
                    "the export needs more memory than there is: " + said,
                    "give the machine more, or export the labels in parts",
                    failure);
        }
        return stop(
                "nothing more can be written to " + work.parent() + ", " + there + " there: " + said,
                "see to the disk, and to limits of the size of a file",
                failure);
    }

    private static Optional<Stop> stop(String reason, String cure, Exception failure) {
        return Optional.of(new Stop.Operator(reason, "Nothing of it is left; " + cure, failure));
    }

    private static String words(Exception failure) {
        return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    }

    private static boolean isAny(String words, List<String> known) {
        return known.stream().anyMatch(words::contains);
    }
}
