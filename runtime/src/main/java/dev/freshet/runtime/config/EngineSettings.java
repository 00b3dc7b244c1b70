package dev.freshet.runtime.config;

import java.time.Duration;

/**
 * How Debezium reads.
 *
 * @param pollInterval how long it rests when there is nothing; each poll ends in a busy spin, so 1 ms burns half a core
 * @param heartbeatInterval how often it says how far it has come when no change of ours passes
 */
public record EngineSettings(Duration pollInterval, Duration heartbeatInterval, int maxBatchSize, int maxQueueSize) {
    public EngineSettings {
        Faults faults = new Faults();
        Ranges.millis(faults, "ingest.poll.interval.ms", pollInterval, 1, 1_000);
        Ranges.millis(faults, "ingest.heartbeat.interval.ms", heartbeatInterval, 1, 1_000);
        Ranges.integer(faults, "ingest.max.batch.size", maxBatchSize, 1, 1_000_000);
        faults.require(
                maxQueueSize > maxBatchSize,
                "ingest.max.queue.size",
                maxQueueSize,
                "write a number above ingest.max.batch.size, which is " + maxBatchSize);
        faults.throwIfAny();
    }
}
