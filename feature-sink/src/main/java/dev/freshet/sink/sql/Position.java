package dev.freshet.sink.sql;

import java.time.Duration;

/**
 * Where to go on reading a partition.
 *
 * @param next the offset behind the last entry written; 0 for none
 * @param age since when it has stood there, by the target's clock
 */
public record Position(long next, Duration age) {

    /** Whether there is nothing to read behind it: the mark that ends a transaction takes an offset too. */
    public boolean isAt(long end) {
        return next == 0 || end - next <= 1;
    }
}
