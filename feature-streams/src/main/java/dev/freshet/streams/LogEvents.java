package dev.freshet.streams;

/** Is told, by tasks, what cannot be used of a change log. */
interface LogEvents {
    /** An entry that cannot be used. */
    void deadLetter();

    /** The watermark of a partition stands still for good; told again when the partition's task is begun anew. */
    void held(int partition);

    /** A partition is no longer this process's. */
    void released(int partition);
}
