package dev.freshet.sink.sql;

import java.time.Duration;

/**
 * Where to go on reading a partition.
 *
 * @param next the offset behind the last entry written; 0 for none
 * @param age since when it has stood there, by the target's clock
 */
public record Position(long next, Duration age) {}
