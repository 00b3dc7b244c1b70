package dev.freshet.serving.lookup;

import java.time.Instant;

/**
 * How far the table that readers see is complete: every source transaction committed before this is in it.
 *
 * @param generation the build that is live
 * @param lsn a position in the source's WAL
 * @param sourceTime by the source's clock
 */
public record CompleteThrough(int generation, long lsn, Instant sourceTime) {
    /** Whether what was committed before a position is in the table. */
    public boolean reaches(long position) {
        return Long.compareUnsigned(lsn, position) >= 0;
    }
}
