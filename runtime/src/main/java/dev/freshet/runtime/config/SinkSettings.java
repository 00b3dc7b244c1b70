package dev.freshet.runtime.config;

import java.time.Duration;

/**
 * How rows are written.
 *
 * @param maxBatch the most records of one transaction
 * @param instanceId distinct among the instances that run at once, and the same after a restart
 * @param pollTimeout how long one poll waits for records
 */
public record SinkSettings(int maxBatch, String instanceId, Duration pollTimeout) {
    public SinkSettings {
        Faults faults = new Faults();
        Ranges.integer(faults, "sink.max.batch", maxBatch, 1, 100_000);
        Ranges.instanceId(faults, "sink.instance.id", instanceId);
        Ranges.millis(faults, "sink.poll.timeout.ms", pollTimeout, 1, 10_000);
        faults.throwIfAny();
    }
}
