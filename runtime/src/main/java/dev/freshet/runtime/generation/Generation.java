package dev.freshet.runtime.generation;

/**
 * One build of the table.
 *
 * @param number from 1, never used twice
 * @param epoch 0 until it is first read; then the number of the swap or rollback that last made it the one
 * @param partitions of its topics, fixed for its life
 * @param systemIdentifier of the source that it was built from: LSNs mean nothing in another one
 * @param note why it is in its state
 */
public record Generation(
        int number, GenerationState state, int epoch, int partitions, String systemIdentifier, String note) {}
