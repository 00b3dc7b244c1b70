package dev.freshet.streams;

/** Where the partitions of the change log ended when the job was started: what is before may have been compacted. */
@FunctionalInterface
interface LogEnd {
    long of(int partition);
}
