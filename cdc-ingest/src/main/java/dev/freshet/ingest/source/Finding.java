package dev.freshet.ingest.source;

/**
 * Something about the source that keeps it from being captured.
 *
 * @param what is wrong
 * @param cure what to run, SQL where SQL can do it
 */
public record Finding(String what, String cure) {}
