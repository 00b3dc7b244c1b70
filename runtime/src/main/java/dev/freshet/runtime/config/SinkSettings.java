package dev.freshet.runtime.config;

import java.time.Duration;

/**
 * How rows are written.
 *
 * @param maxBatch the most records of one transaction
 * @param pollTimeout how long one poll waits for records
 */
public record SinkSettings(int maxBatch, Duration pollTimeout, Membership membership) {
    public SinkSettings {
        Faults faults = new Faults();
        Ranges.integer(faults, "sink.max.batch", maxBatch, 1, 100_000);
        Ranges.millis(faults, "sink.poll.timeout.ms", pollTimeout, 1, 10_000);
        faults.throwIfAny();
    }
}
