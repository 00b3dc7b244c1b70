package dev.freshet.ingest.capture;

import java.time.Duration;
import java.util.BitSet;
import java.util.function.LongSupplier;

/**
 * Which partitions get a tick at a boundary: those with changes since their last one, and at times all, so that the time of
 * an idle partition goes on too. Not safe for use by several threads.
 */
public final class Ticks {
    private final int partitions;
    private final long interval;
    private final LongSupplier nanoTime;
    private final BitSet touched = new BitSet();
    private boolean everyPartitionTicked;
    private long tickedAt;

    /** @param nanoTime a monotonic clock */
    public Ticks(int partitions, Duration interval, LongSupplier nanoTime) {
        this.partitions = partitions;
        this.interval = interval.toNanos();
        this.nanoTime = nanoTime;
    }

    /** A change was appended to this partition. */
    public void touch(int partition) {
        touched.set(partition);
    }

    /** A control was appended to every partition. */
    public void touchAll() {
        touched.set(0, partitions);
    }

    /** The partitions that get a tick at the boundary reached now; they count as ticked. */
    public BitSet due() {
        long now = nanoTime.getAsLong();
        if (!everyPartitionTicked || now - tickedAt >= interval) {
            touchAll();
            everyPartitionTicked = true;
            tickedAt = now;
        }
        BitSet due = (BitSet) touched.clone();
        touched.clear();
        return due;
    }
}
