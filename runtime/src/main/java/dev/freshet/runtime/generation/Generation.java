package dev.freshet.runtime.generation;

/**
 * One build of the table.
 *
 * @param number from 1, never used twice
 * @param epoch 0 until it is first read; then the number of the swap or rollback that last made it the one
 * @param log what it is built from
 * @param livesByItself whether readers are turned to it as soon as it is complete, or only by a swap
 * @param note why it is in its state
 */
public record Generation(int number, GenerationState state, int epoch, Log log, boolean livesByItself, String note) {

    /**
     * A change log. Several generations may read the same one.
     *
     * @param number of the generation that it was begun for, which may be gone while others read the log
     * @param partitions of it, and of every topic that is made from it; fixed for its life
     * @param systemIdentifier of the source that it was read from: LSNs mean nothing in another one
     */
    public record Log(int number, int partitions, String systemIdentifier) {}

    /** Whether it is being built beside a live one. */
    public boolean isReplayBuilding() {
        return state == GenerationState.BUILDING && !livesByItself;
    }

    /** Of its topics. */
    public int partitions() {
        return log.partitions();
    }

    /** Of its source. */
    public String systemIdentifier() {
        return log.systemIdentifier();
    }
}
