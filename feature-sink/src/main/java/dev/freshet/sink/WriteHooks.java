package dev.freshet.sink;

/** Moments of a write at which a test can stop, freeze or end the process. */
interface WriteHooks {
    WriteHooks NONE = new WriteHooks() {};

    /** Records were polled; the transaction has not begun. */
    default void beforeWrite() {}

    /** All of the transaction is done but the commit. */
    default void beforeCommit() {}

    /** It is committed; the next poll has not begun. */
    default void afterCommit() {}
}
