package dev.freshet.cli.demo;

/** Counts the rows that are written to what readers see. Another generation counts from when it is seen first. */
final class WrittenRows {
    private int generation;
    private long written;
    private long rows;

    /** Takes a reading and returns the rows since the first. */
    long upTo(TableState table) {
        if (table.generation() == generation) {
            rows += table.written() - written;
        }
        generation = table.generation();
        written = table.written();
        return rows;
    }
}
