package dev.freshet.streams;

/** Puts the reader of a partition to where the state of its task is. Called by the task's thread, when it starts to run. */
@FunctionalInterface
interface StartPosition {
    /** The next entry read is the first that is not committed as processed, wherever the reader stood. */
    void seekToCommitted(int partition);
}
