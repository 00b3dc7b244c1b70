package dev.freshet.streams.core;

/**
 * A tick of the log.
 *
 * @param offset its position in the log: the version of what it emits
 * @param lsn every source transaction committed before it stands before the tick
 * @param time its source time, in epoch microseconds
 */
record Tick(long offset, long lsn, long time) {
    /** Earlier than any instant of the domain, and far enough from the end of the range to subtract a window from. */
    private static final long BEFORE_ALL_TIME = -(1L << 62);

    /** Before the first. */
    static final Tick NONE = new Tick(-1, 0, BEFORE_ALL_TIME);
}
