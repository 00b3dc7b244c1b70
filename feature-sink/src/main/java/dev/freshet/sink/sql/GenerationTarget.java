package dev.freshet.sink.sql;

/** Where a generation is written: its number, its table, and of how many partitions it consists. */
public record GenerationTarget(int generation, String table, int partitions) {}
