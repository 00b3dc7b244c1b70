package dev.freshet.streams;

/** What a task asks of the consumer that reads its partition of the change log, on the thread that it shares with it. */
@FunctionalInterface
interface LogReader {
    /** The next entry read is the first that is not committed as processed, wherever the reader stood. */
    Found seekToCommitted(int partition);

    /**
     * Notes that the entry has been processed.
     *
     * @return whether nothing that was read by this thread, of whatever partition, is left to process, and its last commit is
     *     as long ago as it took, so that commits leave half of the time to what they wait for
     */
    default boolean isCommitDue(int partition, long offset) {
        return false;
    }

    /**
     * Where it stands in the log.
     *
     * @param next the first offset that is not committed as processed
     * @param end the offset behind the last entry
     */
    record Found(long next, long end) {
        /** Whether there is nothing to read: the mark that ends a transaction takes an offset too. */
        boolean isAtEnd() {
            return end - next <= 1;
        }
    }
}
