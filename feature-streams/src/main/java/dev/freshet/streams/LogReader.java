package dev.freshet.streams;

/** What a task asks of the consumer that reads its partition of the change log, on the thread that it shares with it. */
@FunctionalInterface
interface LogReader {
    /** The next entry read is the first that is not committed as processed, wherever the reader stood. */
    void seekToCommitted(int partition);

    /**
     * Notes that the entry has been processed.
     *
     * @return whether nothing that was read by this thread, of whatever partition, is left to process, and its last commit is
     *     as long ago as it took, so that commits leave half of the time to what they wait for
     */
    default boolean isCommitDue(int partition, long offset) {
        return false;
    }
}
