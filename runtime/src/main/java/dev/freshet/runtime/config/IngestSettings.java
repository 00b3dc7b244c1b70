package dev.freshet.runtime.config;

import java.time.Duration;

/**
 * How changes enter the log.
 *
 * @param tickInterval how often every partition is told how far the source was read
 * @param sourceHeartbeatInterval how often an idle source is made to say so; bounds by how much age is overstated
 * @param maxRetainedMegabytes above so much WAL that is kept for its slot, ingest drops it; 0 for never
 * @param maxTransactionChanges how many changes of a source transaction one Kafka transaction takes
 */
public record IngestSettings(
        EngineSettings engine,
        Duration tickInterval,
        Duration sourceHeartbeatInterval,
        int maxRetainedMegabytes,
        int maxTransactionChanges) {
    public IngestSettings {
        Faults faults = new Faults();
        Ranges.millis(faults, "ingest.tick.interval.ms", tickInterval, 1, 1_000);
        Ranges.millis(faults, "ingest.source.heartbeat.interval.ms", sourceHeartbeatInterval, 10, 1_000);
        Ranges.integer(faults, "ingest.slot.max.retained.mb", maxRetainedMegabytes, 0, 100_000_000);
        Ranges.integer(faults, "ingest.max.transaction.changes", maxTransactionChanges, 1, 1_000_000);
        faults.throwIfAny();
    }
}
