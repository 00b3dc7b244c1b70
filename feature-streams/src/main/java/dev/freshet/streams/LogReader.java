package dev.freshet.streams;

import java.util.function.LongPredicate;

/** Puts the consumer of a task's thread to where the task has to go on in the change log. */
@FunctionalInterface
interface LogReader {
    /** Where a task goes on. */
    enum From {
        /** At the first entry that is not committed as processed. */
        COMMITTED,
        /** At the first entry that there is. */
        BEGINNING
    }

    /** The next entry read is that one, wherever the reader stood. */
    Reading seek(int partition, From from);

    /**
     * A task's reading of its partition, for the thread that began it.
     *
     * @param next the first offset that is not committed as processed
     * @param end the offset behind the last entry
     * @param hasEmitted whether anything was ever written of the partition's features
     * @param commitDue is told the offset of each entry that has been processed, and says whether to commit: nothing that was
     *     read by this thread, of whatever partition, is left to process, and its last commit is as long ago as it took, so
     *     that commits leave half of the time to what they wait for
     */
    record Reading(long next, long end, boolean hasEmitted, LongPredicate commitDue) {
        /** Whether there is nothing to read: the mark that ends a transaction takes an offset too. */
        boolean isAtEnd() {
            return end - next <= 1;
        }
    }
}
