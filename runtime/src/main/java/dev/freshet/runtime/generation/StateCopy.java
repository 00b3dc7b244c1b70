package dev.freshet.runtime.generation;

import java.util.Map;

/**
 * What an instance of streams keeps of the state of one partition.
 *
 * @param isRunning whether the job neither restores anything nor changes hands
 * @param keeping what is there
 * @param fills how often anything began to be filled from a changelog in this run of the job
 * @param positions by changelog, what it has taken in; none of a copy that is idle
 */
public record StateCopy(
        Job job, int partition, boolean isRunning, Keeping keeping, long fills, Map<String, Long> positions) {

    /**
     * Whose it is.
     *
     * @param life tells one run of the job from any other
     * @param erasures {@link ErasureRegister#count()} before its files were looked at: none of them is from before then
     */
    public record Job(int generation, String instance, String life, long erasures) {}

    /** What there may be of a partition. */
    public enum Keeping {
        NOTHING,
        /** Files that no task uses, and one may again. */
        IDLE,
        /** What a task works with, standby or not. */
        IN_USE
    }

    public StateCopy {
        positions = Map.copyOf(positions);
    }

    /** The same until it is filled again. */
    public String mark() {
        return "%d/%d/%s/%s/%d".formatted(job.generation(), partition, job.instance(), job.life(), fills);
    }
}
