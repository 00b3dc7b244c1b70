package dev.freshet.serving.export;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Numeric;

/**
 * The orders that are in a window, oldest first: times, and the amounts of one column if the feature has one. They are kept as longs,
 * since there may be millions of them; only amounts that are no small ones are objects.
 */
final class WindowOrders {
    private static final int FIRST_CAPACITY = 1 << 10;

    private final boolean hasAmounts;
    /** Rings of one size, a power of two; that of the amounts is empty if there are none. */
    private long[] times = new long[FIRST_CAPACITY];

    private long[] amounts;
    private final Deque<Numeric> others = new ArrayDeque<>();
    private int oldest;
    private int size;

    WindowOrders(boolean hasAmounts) {
        this.hasAmounts = hasAmounts;
        amounts = new long[hasAmounts ? FIRST_CAPACITY : 0];
    }

    void clear() {
        oldest = 0;
        size = 0;
        others.clear();
    }

    boolean isEmpty() {
        return size == 0;
    }

    /**
     * @param amount as in {@link Order#amounts}; not looked at if there are none
     * @param other if it is {@link Order#OTHER}
     */
    void add(long time, long amount, @Nullable Numeric other) {
        if (size == times.length) {
            grow();
        }
        int place = (oldest + size) & (times.length - 1);
        times[place] = time;
        if (hasAmounts) {
            amounts[place] = amount;
            if (other != null) {
                others.addLast(other);
            }
        }
        size++;
    }

    private void grow() {
        times = grown(times);
        if (hasAmounts) {
            amounts = grown(amounts);
        }
        oldest = 0;
    }

    /** Twice as large, with the oldest first. */
    private long[] grown(long[] ring) {
        long[] grown = Arrays.copyOfRange(ring, oldest, oldest + 2 * ring.length);
        System.arraycopy(ring, 0, grown, ring.length - oldest, oldest);
        return grown;
    }

    long oldestTime() {
        return times[oldest];
    }

    /** {@link Order#NONE} if there are no amounts. */
    long oldestAmount() {
        return hasAmounts ? amounts[oldest] : Order.NONE;
    }

    /** What it is if that is {@link Order#OTHER}; else of no meaning. */
    @Nullable
    Numeric oldestOther() {
        return others.peekFirst();
    }

    void removeOldest() {
        if (oldestAmount() == Order.OTHER) {
            others.removeFirst();
        }
        oldest = (oldest + 1) & (times.length - 1);
        size--;
    }
}
